-- MLflow keeps its tables apart from the records: both have a table of migrations of the same name.
CREATE DATABASE mlflow OWNER sake;
