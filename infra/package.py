"""The deployment package: Chalice's template with resources.yaml and wiring.yaml laid over it, and the code as a zip.

`python -m infra.package [folder]` writes sam.json and deployment.zip. Chalice's own `--merge-template` takes one file, so both
are merged into one first; JSON, because Chalice's YAML would write aliases, which CloudFormation refuses.
"""

import json
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any

from infra.local.template import load

ROOT = Path(__file__).resolve().parents[1]
STAGE = "production"
# googleapiclient ships the discovery documents of every Google API (110 MB); ours read two.
_DISCOVERY = "googleapiclient/discovery_cache/documents/"
_DISCOVERY_KEPT = {"gmail.v1.json", "people.v1.json"}
# Nothing at run time reads these.
_NEVER_READ = ("/tests/", "/__pycache__/")


def overlay() -> dict[str, Any]:
    """resources.yaml and wiring.yaml as one template."""
    return merged(load(ROOT / "infra" / "resources.yaml"), load(ROOT / "infra" / "wiring.yaml"))


def merged(resources: dict[str, Any], wiring: dict[str, Any]) -> dict[str, Any]:
    """Both templates, section by section. ValueError where both define the same thing."""
    both = dict(resources)
    for section, content in wiring.items():
        twice = set(content) & set(both.get(section, {}))
        if twice:
            raise ValueError(f"both templates define {', '.join(sorted(twice))}")
        both[section] = {**both.get(section, {}), **content}
    return both


class _NoCode:
    """Stands in for the step that collects and zips the code, where only the template is wanted."""

    def handle(self, _config: Any, resource: Any) -> None:
        from chalice.deploy import models

        if isinstance(resource, models.DeploymentPackage):
            resource.filename = __file__


def template(folder: Path, *, with_code: bool) -> dict[str, Any]:
    """The whole template, which is also written into the folder as sam.json. chalice's ValueError where the app is invalid."""
    from chalice.cli.factory import CLIFactory
    from chalice.deploy.validate import validate_configuration
    from chalice.package import PackageOptions, create_app_packager

    factory = CLIFactory(str(ROOT))
    config = factory.create_config_obj(chalice_stage_name=STAGE)
    validate_configuration(config)  # `chalice package` itself does not
    with tempfile.TemporaryDirectory() as scratch:
        laid_over = Path(scratch) / "overlay.json"
        laid_over.write_text(json.dumps(overlay()))
        packager = create_app_packager(config, PackageOptions(_AwsNames()), merge_template=str(laid_over))
        if not with_code:
            steps = packager._resource_builder._build_stage._steps  # noqa: SLF001 - Chalice builds all or nothing
            steps[1] = _NoCode()
        packager.package_app(config, str(folder), STAGE)
    made: dict[str, Any] = json.loads((folder / "sam.json").read_text())
    return made


class _AwsNames:
    """What Chalice asks a client for while it packages: names, which need neither network nor credentials."""

    region_name = "eu-west-1"

    def endpoint_dns_suffix(self, _service: str, _region: str) -> str:
        return "amazonaws.com"

    def service_principal(self, service: str, _region: str, suffix: str) -> str:
        return f"{service}.{suffix}"


def slim(archive: Path) -> int:
    """Take out of the zip what no function reads; the bytes that it unpacks to."""
    slimmed, total = archive.with_suffix(".slim"), 0
    with zipfile.ZipFile(archive) as full, zipfile.ZipFile(slimmed, "w", zipfile.ZIP_DEFLATED) as kept:
        for entry in full.infolist():
            if _wanted(entry.filename):
                kept.writestr(entry, full.read(entry))
                total += entry.file_size
    slimmed.replace(archive)
    return total


def _wanted(name: str) -> bool:
    if name.startswith(_DISCOVERY):
        return name.removeprefix(_DISCOVERY) in _DISCOVERY_KEPT
    return not any(part in name for part in _NEVER_READ)


def main() -> int:
    """Write the package; prints where it is and what it unpacks to."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "build"
    folder.mkdir(parents=True, exist_ok=True)
    template(folder, with_code=True)
    size = slim(folder / "deployment.zip")
    print(f"{folder}/sam.json and deployment.zip ({size / 1e6:.0f} MB unpacked): deploy with `sam deploy`")
    return 0


if __name__ == "__main__":
    sys.exit(main())
