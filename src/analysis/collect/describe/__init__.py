"""Looks at files before there is a contract: names the export, shows the evidence, drafts a study, decides no ambiguity."""
