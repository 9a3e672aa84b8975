from analysis.collect.loading import parquet_files


def load(file, export, *, name, into):
    return parquet_files.load(file, export, name=name, into=into)
