"""Generates the code under `clients/` from the protos, and the images which `buf lint` and `buf breaking` check.

`python clients/generate.py` writes the stubs of all clients, the descriptor set, the error classes, the blocking
client, the OpenAPI documents and the tables in the pages; `--check` fails when they are stale; `--lint` and
`--breaking REF` run buf. Google's and buf's own protos come from the installed packages, so nothing is vendored and
nothing is downloaded.
"""

from __future__ import annotations

import argparse
import filecmp
import importlib.util
import io
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
from functools import cache
from pathlib import Path

from google.protobuf import descriptor_pb2

ROOT = Path(__file__).resolve().parent.parent
PROTO = ROOT / "proto"
PYTHON = ROOT / "clients" / "python"
TYPESCRIPT = ROOT / "clients" / "typescript"
GO = ROOT / "clients" / "go"
ERRORS = ROOT / "clients" / "ERRORS.md"
OPENAPI = ROOT / "clients" / "openapi"
PAGES = ROOT / "clients" / "pages"
# Field 8042 of a descriptor marks it as an import in a buf image; `08 01` is its member `is_import` set to true.
IMPORT_MARK = b"\xd2\xf6\x03\x02\x08\x01"
# Beside the interpreter that runs this, where its package puts it; a PATH may know another.
BUF = str(Path(sys.executable).with_name("buf"))
# What makes the other files lies beside this one. It takes the stubs, which come first, so each function imports it.
sys.path[:0] = [str(PYTHON), str(ROOT / "clients")]


def validate_descriptors() -> bytes:
    """Return the descriptor set of buf/validate/validate.proto, which its package ships as code only."""
    from protovalidate._gen.buf.validate import validate_pb

    file = descriptor_pb2.FileDescriptorProto.FromString(validate_pb.desc().proto.to_binary())
    return descriptor_pb2.FileDescriptorSet(file=[file]).SerializeToString()


def google_protos() -> Path:
    """Return the folder which holds google/api/annotations.proto."""
    spec = importlib.util.find_spec("google.api")
    if spec is None or not spec.submodule_search_locations:
        sys.exit("google/api is missing: install googleapis-common-protos (make setup).")
    return Path(next(iter(spec.submodule_search_locations))).parent.parent


def protoc(proto: Path, *arguments: str, files: list[str]) -> None:
    """Run protoc over files of a proto tree."""
    with tempfile.NamedTemporaryFile(suffix=".binpb") as validate:
        validate.write(validate_descriptors())
        validate.flush()
        command = [sys.executable, "-m", "grpc_tools.protoc", f"-I{proto}", f"-I{google_protos()}"]
        command += [f"--descriptor_set_in={validate.name}", *arguments, *files]
        subprocess.run(command, check=True)


def proto_files(proto: Path) -> list[str]:
    """Return the paths of all protos of a tree, in a stable order."""
    return sorted(str(path.relative_to(proto)) for path in proto.rglob("*.proto"))


def generate(out: Path) -> None:
    """Write stubs and descriptor set below a folder."""
    out.mkdir(parents=True, exist_ok=True)
    files = proto_files(PROTO)
    services = [name for name in files if "service " in (PROTO / name).read_text()]
    protoc(PROTO, f"--python_out={out}", f"--pyi_out={out}", files=[*files, "buf/validate/validate.proto"])
    protoc(PROTO, f"--grpc_python_out={out}", files=services)
    descriptors = out / "knowflow" / "descriptors.binpb"
    protoc(PROTO, "--include_imports", f"--descriptor_set_out={descriptors}", files=files)


@cache
def commented() -> list[descriptor_pb2.FileDescriptorProto]:
    """Return all protos with their comments."""
    # Their options are read only as far as the extensions are known by then.
    import openapi_documents  # noqa: F401 - it loads them

    with tempfile.NamedTemporaryFile(suffix=".binpb") as file:
        path = Path(file.name)
        options = ["--include_imports", "--include_source_info", f"--descriptor_set_out={path}"]
        protoc(PROTO, *options, files=proto_files(PROTO))
        return list(descriptor_pb2.FileDescriptorSet.FromString(path.read_bytes()).file)


def described() -> dict[str, str]:
    """Return the OpenAPI documents by file name."""
    from openapi_documents import documents

    made = documents(commented())
    return {
        f"{name}.json": json.dumps(document, indent=1, ensure_ascii=False) + "\n" for name, document in made.items()
    }


def write_described() -> None:
    """Write the OpenAPI documents."""
    OPENAPI.mkdir(exist_ok=True)
    for name, text in described().items():
        (OPENAPI / name).write_text(text)


def write_client(out: Path) -> None:
    """Write what of the Python client is generated below a folder."""
    from python_client import blocking, error_classes

    package = out / "knowflow"
    package.mkdir(parents=True, exist_ok=True)
    (package / "errors.py").write_text(error_classes(commented()))
    blocking(PYTHON / "knowflow", package)
    ruff = str(Path(sys.executable).with_name("ruff"))
    files = [str(package / "errors.py"), *map(str, (package / "_sync").glob("*.py"))]
    options = ["--quiet", "--config", str(ROOT / "pyproject.toml")]
    subprocess.run([ruff, "check", "--fix", "--select", "I", *options, *files], check=True)
    subprocess.run([ruff, "format", *options, *files], check=True)


def write_typescript(out: Path) -> None:
    """Write the messages and services of the TypeScript client, with what they import, below a folder."""
    plugin = TYPESCRIPT / "node_modules" / ".bin" / "protoc-gen-es"
    if not plugin.exists():
        # Without a lock file, which would name the registry it was made with; versions are exact.
        command = ["npm", "install", "--no-package-lock", "--no-audit", "--no-fund", "--silent"]
        subprocess.run(command, cwd=TYPESCRIPT, check=True)
    out.mkdir(parents=True, exist_ok=True)
    ours = [name for name in proto_files(PROTO) if not name.startswith("knowflow/store/")]
    theirs = ["annotations", "http", "httpbody"]
    files = [*ours, *(f"google/api/{name}.proto" for name in theirs), "google/rpc/error_details.proto"]
    options = [f"--plugin=protoc-gen-es={plugin}", f"--es_out={out}", "--es_opt=target=ts,import_extension=js"]
    protoc(PROTO, *options, files=[*files, "buf/validate/validate.proto"])


def write_go(out: Path) -> bool:
    """Write the messages and stubs of the Go client below a folder; return whether this machine can."""
    import go_code

    if not go_code.is_possible():
        print(f"clients/go is left as it is: Go or its sources are missing (apt-get install {go_code.PACKAGES}).")
        return False
    ours = [name for name in proto_files(PROTO) if not name.startswith("knowflow/store/")]
    files = [*ours, "buf/validate/validate.proto"]
    with tempfile.TemporaryDirectory() as name:
        options = [*go_code.plugins(GO / ".bin"), f"--go_out={name}", f"--go-grpc_out={name}"]
        protoc(PROTO, *options, *go_code.mappings(files), files=files)
        go_code.without_versions(list(Path(name).rglob("*.go")))
        shutil.copytree(Path(name) / "knowflow" / "gen", out, dirs_exist_ok=True)
    return True


def generated(folder: Path) -> dict[str, Path]:
    """Return the generated files of a folder by relative path."""
    patterns = ("*_pb2.py", "*_pb2.pyi", "*_pb2_grpc.py", "descriptors.binpb", "knowflow/errors.py")
    patterns += ("knowflow/_sync/*.py",)
    from python_client import WRITTEN

    found = {str(path.relative_to(folder)): path for pattern in patterns for path in folder.rglob(pattern)}
    return {name: path for name, path in found.items() if name not in {f"knowflow/_sync/{one}" for one in WRITTEN}}


def errors_page() -> str:
    """Return the page of all errors."""
    from python_client import error_page

    return error_page(commented())


def surface_pages() -> dict[str, str]:
    """Return the pages about the surfaces by file name, with the tables of operations as the protos give them."""
    from operation_tables import pages

    return pages(commented(), {path.name: path.read_text() for path in PAGES.glob("*.md")})


def _files(folder: Path) -> dict[str, Path]:
    return {str(path.relative_to(folder)): path for path in folder.rglob("*.*") if path.suffix in {".go", ".ts"}}


def _differing(fresh: dict[str, Path], present: dict[str, Path]) -> list[str]:
    same = {key for key in fresh.keys() & present.keys() if filecmp.cmp(fresh[key], present[key], shallow=False)}
    return sorted((fresh.keys() | present.keys()) - same)


def check() -> None:
    """Exit with a message when the committed code differs from what the protos give."""
    with tempfile.TemporaryDirectory() as name:
        generate(Path(name))
        write_client(Path(name))
        stale = _differing(generated(Path(name)), generated(PYTHON))
        write_typescript(Path(name) / "typescript")
        stale += _differing(_files(Path(name) / "typescript"), _files(TYPESCRIPT / "src" / "gen"))
        if write_go(Path(name) / "go"):
            stale += _differing(_files(Path(name) / "go"), _files(GO / "gen"))
    if ERRORS.read_text() != errors_page():
        stale.append(ERRORS.name)
    stale += sorted(f"pages/{name}" for name, text in surface_pages().items() if (PAGES / name).read_text() != text)
    present = {path.name: path.read_text() for path in OPENAPI.glob("*.json")}
    fresh = described()
    stale += sorted(f"openapi/{name}" for name in fresh.keys() | present.keys() if fresh.get(name) != present.get(name))
    if stale:
        sys.exit("Generated code is stale; run `make gen`:\n  " + "\n  ".join(stale))


def image(proto: Path, path: Path) -> None:
    """Write a buf image of a proto tree, in which everything that is not ours counts as an import."""
    protoc(
        proto, "--include_imports", "--include_source_info", f"--descriptor_set_out={path}", files=proto_files(proto)
    )
    files = descriptor_pb2.FileDescriptorSet.FromString(path.read_bytes())
    for file in files.file:
        if not file.name.startswith("knowflow/"):
            file.MergeFromString(IMPORT_MARK)
    path.write_bytes(files.SerializeToString())


def buf(*arguments: str) -> None:
    """Run buf with the project's rules and exit when it objects."""
    rules = (ROOT / "buf.yaml").read_text()
    # Rules of a module do not apply to an image, so the module is dropped from the configuration.
    config = rules.replace("modules:\n  - path: proto\n", "")
    result = subprocess.run([BUF, *arguments, "--config", config], cwd=tempfile.gettempdir(), check=False)
    if result.returncode:
        sys.exit(result.returncode)


def lint() -> None:
    """Run `buf lint` and `buf format`."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "image.binpb"
        image(PROTO, path)
        buf("lint", str(path))
    result = subprocess.run([BUF, "format", "--diff", "--exit-code", str(PROTO)], check=False)
    if result.returncode:
        sys.exit("Protos are not formatted; run `buf format -w proto`.")


def breaking(reference: str) -> None:
    """Run `buf breaking` against the protos of a git reference; a reference without protos breaks nothing."""
    command = ["git", "archive", reference, "proto"]
    archive = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    if archive.returncode:
        print(f"buf breaking: {reference} holds no protos, so there is nothing to compare with.")
        return
    with tempfile.TemporaryDirectory() as name:
        with tarfile.open(fileobj=io.BytesIO(archive.stdout)) as protos:
            protos.extractall(name, filter="data")
        old, new = Path(name) / "old.binpb", Path(name) / "new.binpb"
        image(Path(name) / "proto", old)
        image(PROTO, new)
        buf("breaking", str(new), "--against", str(old))


def main() -> None:
    """Parse the command line and do what it says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="fail when generated code is stale")
    parser.add_argument("--lint", action="store_true", help="run buf lint and buf format")
    parser.add_argument("--image", metavar="FILE", type=Path, help="write a buf image, for `buf generate`")
    parser.add_argument("--breaking", metavar="REF", help="run buf breaking against a git reference")
    options = parser.parse_args()
    if options.check:
        check()
    if options.lint:
        lint()
    if options.breaking:
        breaking(options.breaking)
    if options.image:
        image(PROTO, options.image)
    if not (options.check or options.lint or options.breaking or options.image):
        generate(PYTHON)
        write_described()
        write_client(PYTHON)
        ERRORS.write_text(errors_page())
        for name, text in surface_pages().items():
            (PAGES / name).write_text(text)
        shutil.rmtree(TYPESCRIPT / "src" / "gen", ignore_errors=True)
        write_typescript(TYPESCRIPT / "src" / "gen")
        with tempfile.TemporaryDirectory() as name:
            if write_go(Path(name)):
                shutil.rmtree(GO / "gen", ignore_errors=True)
                shutil.copytree(name, GO / "gen")


if __name__ == "__main__":
    main()
