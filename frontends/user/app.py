"""The user's application; Streamlit runs this script for every view."""

from frontends.layout import PageView, run

run(
    [
        PageView("upload", "upload_file"),
        PageView("results", "fact_check"),
        PageView("search", "search"),
        PageView("candidate", "folder_shared"),
        PageView("bin", "delete"),
        PageView("document", "description", in_menu=False),
    ]
)
