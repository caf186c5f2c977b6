"""Turn the documents of a search into numbers: characters and tokens apart, so that each is counted once for many trials."""

import io
from collections.abc import Mapping, Sequence

import numpy as np
from scipy import sparse

from sake_ray.classifier import Hyperparameters
from sake_ray.classifier.calibration import fit_temperature, to_probabilities
from sake_ray.classifier.fitting import fit_rows, select_holdout_rows
from sake_ray.classifier.linear_model import decision_function
from sake_ray.classifier.training_set import TrainingSet
from sake_ray.classifier.vectorized_corpus import CorpusLayout, VectorizedCorpus, augment_corpus
from sake_ray.classifier.vectorizer import (
    Matrix,
    NgramCounts,
    Vocabulary,
    make_unfitted_char_vectorizer,
    make_unfitted_token_vectorizer,
    sample_documents,
    transform_counts,
)
from sake_ray.evaluation import evaluate
from sake_ray.train.search.space import CHARS, TOKENS

KINDS = {"chars": CHARS, "tokens": TOKENS}
MAX_FOLDS = 5


def lay_out(
    lessons: TrainingSet, parameters: Hyperparameters, *, seed: int
) -> tuple[CorpusLayout, dict[str, list[str]]]:
    """Divide into folds and make the copies, as a training does; the second is the texts of each kind."""
    shown, laid = augment_corpus(lessons.features, lessons.targets, lessons.groups, parameters, seed=seed)
    texts = {"chars": [glimpse.char_text for glimpse in shown], "tokens": [glimpse.token_text for glimpse in shown]}
    return laid, texts


def name_of(kind: str, parameters: Hyperparameters) -> str:
    """Name a part: those of one name are equal."""
    return "-".join([kind, *(str(getattr(parameters, name)) for name in KINDS[kind])])


def count(kind: str, texts: Sequence[str], laid: CorpusLayout, parameters: Hyperparameters, *, seed: int) -> Matrix:
    """Learn the vocabulary of one kind on the documents, and count it in all rows."""
    originals = int(laid.original.sum())
    drawn = sample_documents(texts[:originals], parameters, seed=seed)
    counter = (make_unfitted_char_vectorizer if kind == "chars" else make_unfitted_token_vectorizer)(
        len(drawn), parameters
    )
    try:
        if len(drawn) < originals:
            counter.fit(drawn)
            return counter.transform(texts)
        learnt = counter.fit_transform(drawn)  # in one pass what `vectorize_corpus` does in two
    except ValueError:  # all texts are empty, or no n-gram is in enough of them
        return sparse.csr_matrix((len(texts), 0), dtype=np.float32)
    copies = texts[originals:]
    return sparse.vstack([learnt, counter.transform(copies)], format="csr") if copies else learnt


def join(laid: CorpusLayout, chars: Matrix, tokens: Matrix) -> VectorizedCorpus:
    """Put the parts together: what `vectorize_corpus` makes in one go, but for the names of the columns."""
    counts = NgramCounts(chars, tokens, laid.cues)
    return VectorizedCorpus(Vocabulary((), ()), counts, laid.targets, laid.folds, laid.original)


def folds_to_try(laid: CorpusLayout) -> tuple[int, ...]:
    """The folds that tell anything, at most five: of one the others may know no label, or it may hold copies only."""
    folds = range(int(laid.folds.max()) + 1)
    return tuple(fold for fold in folds if (select_holdout_rows(laid, fold) & laid.original).any())[:MAX_FOLDS]


def try_fold(prepared: VectorizedCorpus, fold: int, parameters: Hyperparameters, *, seed: int) -> Mapping[str, float]:
    """Measure a model of all other folds on the documents of this one.

    As in a training the temperature comes from copies as well; what is measured are documents as they are.
    """
    training, tested = prepared.folds != fold, select_holdout_rows(prepared, fold)
    weighing, weights = fit_rows(prepared, training, parameters, seed=seed)
    scores = decision_function(transform_counts(prepared.counts[tested], weighing, parameters), weights)
    present = np.unique(prepared.targets[training])
    truth = np.searchsorted(present, prepared.targets[tested])
    temperature = fit_temperature([(scores, truth)], parameters.label_smoothing)
    mine = prepared.original[tested]
    names = [str(label) for label in present]
    chances = np.asarray(
        to_probabilities(scores[mine], temperature, label_smoothing=parameters.label_smoothing), dtype=np.float64
    )
    told = evaluate([names[place] for place in truth[mine]], chances, names)
    return {"macro_f1": told.macro_f1, "accuracy": told.accuracy, "log_loss": told.log_loss}


def pack_part(part: Matrix) -> bytes:
    """Write a part as bytes."""
    written = io.BytesIO()
    sparse.save_npz(written, part, compressed=False)
    return written.getvalue()


def unpack_part(packed: bytes) -> Matrix:
    """Read what `pack_part` wrote."""
    return sparse.load_npz(io.BytesIO(packed))
