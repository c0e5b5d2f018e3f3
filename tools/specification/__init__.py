"""Write the wrapper's two generated modules: everything in them follows from the OpenAPI document.

`_openapi.py` imports the generated client and holds the texts of enum values; `specification.py` declares the fields of
every message and one `ListOperation` for each list operation. `tools/generate.py` runs this after the generator.
"""
