"""Present what Prometheus has measured."""

from sake_ray.domain.measurements import Course, Measurements
from sake_ray.schemas.measurements import AlertOut, AskedPartOut, CourseOut, MeasuredPointOut, MeasurementsOut


def present_measurements(found: Measurements | None) -> MeasurementsOut:
    """Present it; None where there is no Prometheus."""
    if found is None:
        return MeasurementsOut(state="none")
    return MeasurementsOut(
        state="reached" if found.is_reached else "unreachable",
        at=found.at,
        alerts=[AlertOut.model_validate(alert) for alert in found.alerts],
        parts=[AskedPartOut.model_validate(part) for part in found.parts],
        courses=[_present_course(course) for course in found.courses],
    )


def _present_course(course: Course) -> CourseOut:
    points = [MeasuredPointOut(at=at, value=value) for at, value in course.points]
    return CourseOut(name=course.measure.name, unit=course.measure.unit, points=points)
