"""The application of those who hand documents in; Streamlit runs this for every view."""

from frontends.layout import View, run

run(
    [
        View("upload", "upload_file"),
        View("results", "fact_check"),
        View("search", "search"),
        View("candidate", "folder_shared"),
        View("document", "description", in_menu=False),
    ]
)
