"""Execute one notebook with papermill, and believe it only when every cell really ran."""

from __future__ import annotations

import json
import os
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from evallib.errors import EvallibError
from evallib.runner.batch.kernel import Watch
from evallib.runner.batch.plan import read_notebook

if TYPE_CHECKING:
    from evallib.config import Settings
    from evallib.runner.batch.plan import Job

IDLE_SECONDS = 60  # for the last words of a cell that is done; the machine may be busy
_DIED = "died before"  # what the engine says of a kernel that ended while it started
# One thread a kernel: several kernels share the cores, and sums keep one order.
KERNEL_ENVIRONMENT = {
    "PYTHONHASHSEED": "0",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "PYTHONWARNINGS": "ignore::DeprecationWarning",
}


class NotebookFailed(EvallibError):  # noqa: N818  what happened, not what kind of error
    """A notebook stopped before its end; ``notebook`` holds it as far as it came."""

    notebook: dict[str, Any] | None = None


def execute(job: Job, scratch: Path, settings: Settings) -> dict[str, Any]:
    """Run a job's notebook in a fresh kernel and return its executed JSON.

    Parameters
    ----------
    job : Job
        Its parameters have been checked by ``plan_jobs``.
    scratch : pathlib.Path
        Folder for what is only needed while the notebook runs; the caller removes it.
    settings : Settings
        How long a cell and the whole notebook may run.

    Returns
    -------
    dict
        The executed notebook without times and random ids: the same job gives the same JSON.

    Raises
    ------
    NotebookFailed
        A cell raised or did not run, a cell or the notebook ran too long, or the kernel ended by
        itself. What the notebook started has ended, too.
    """
    watch = Watch(scratch, settings.job_seconds)
    with TemporaryDirectory(dir=scratch) as folder:
        os.environ.update(KERNEL_ENVIRONMENT)
        # Nobody's start-up files take part, and sockets get a short path.
        os.environ.update(JUPYTER_RUNTIME_DIR=folder, IPYTHONDIR=str(Path(folder) / "ipython"))
        output = Path(folder) / "executed.ipynb"
        with watch.kept():
            problem = _execute(job, output, watch, settings.cell_seconds)
        notebook = _read(output)
    problem = problem or _unfinished(job, notebook)
    if problem is not None:
        problem.notebook = settle(notebook) if notebook else None
        raise problem
    return settle(notebook)


def _execute(job: Job, output: Path, watch: Watch, seconds: int) -> NotebookFailed | None:
    """Run all cells until one fails; return why it did."""
    import papermill  # two seconds to import

    try:
        papermill.execute_notebook(
            job.notebook, output, dict(job.parameters), kernel_name="python3",
            progress_bar=False, execution_timeout=seconds, autosave_cell_every=0,
            config=_private_transport(str(output.parent)), extra_arguments=["--log-level=50"],
            kernel_manager_class=watch.manager(), on_cell_execute=watch.note,
            iopub_timeout=IDLE_SECONDS,
        )  # fmt: skip
    except papermill.PapermillExecutionError as error:
        cell = number_of(job, error.cell_index)
        if error.ename == "MemoryError":
            return NotebookFailed("runner.cell_memory", job=job.name, cell=cell)
        return _failed(job, f"cell {cell}: {_told(error.ename, error.evalue)}")
    except (RuntimeError, TimeoutError, OSError) as error:
        return _why_ended(job, error, watch, seconds)
    return None


def _why_ended(job: Job, error: Exception, watch: Watch, seconds: int) -> NotebookFailed:
    """Return what is known of a notebook that was ended or lost its kernel."""
    from nbclient.exceptions import CellTimeoutError, DeadKernelError

    told: dict[str, Any] = {"job": job.name, "cell": number_of(job, watch.cell)}
    if watch.over:
        return NotebookFailed("runner.job_too_long", **told, seconds=watch.seconds)
    if isinstance(error, CellTimeoutError) and watch.ran() >= seconds:
        return NotebookFailed("runner.cell_too_long", **told, seconds=seconds)
    if isinstance(error, DeadKernelError) or _DIED in str(error):
        return NotebookFailed("runner.kernel_ended", **told)
    return _failed(job, type(error).__name__)


def _failed(job: Job, found: str) -> NotebookFailed:
    return NotebookFailed("runner.notebook_failed", job=job.name, found=found)


def number_of(job: Job, place: int) -> int:
    """Return the number of a cell as people count it in the notebook that they wrote.

    The executed one has one cell more, with the parameters that were handed to it.
    """
    tags = [cell["metadata"].get("tags", []) for cell in read_notebook(job.notebook)["cells"]]
    own = next((i for i, each in enumerate(tags) if "parameters" in each), len(tags))
    return place + 1 if place <= own else place


def _private_transport(folder: str) -> Any:
    """Return the setting that keeps rows off the network stack, where the system can do so.

    Without a connection file of its own, every kernel would put its sockets into the working
    folder under the same names.
    """
    from traitlets.config import Config  # comes with the notebook machinery

    own = {"transport": "ipc", "connection_file": str(Path(folder) / "kernel.json")}
    return Config({"KernelManager": own if os.name == "posix" else {}})


def _read(file: Path) -> dict[str, Any]:
    try:
        content: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content


def _unfinished(job: Job, notebook: dict[str, Any]) -> NotebookFailed | None:
    """Return what shows that a notebook did not run to its end, or None.

    papermill writes every cell as completed after a kernel is killed, so its word is not enough.
    """
    for place, cell in enumerate(notebook.get("cells", [])):
        if cell["cell_type"] != "code" or not "".join(cell["source"]).strip():
            continue
        number = number_of(job, place)
        if cell["execution_count"] is None:
            return _failed(job, f"cell {number} did not run")
        for output in cell["outputs"]:
            if output["output_type"] == "error":
                told = _told(output["ename"], output["evalue"])
                return _failed(job, f"cell {number}: {told}")
    return None if notebook.get("cells") else _failed(job, "no executed notebook")


OUR_MIME = "application/vnd.evallib."  # of blocks and results
OURS = {"SchemaError", "DesignError", "DisclosureError", "NotFound", "RefusedFile", "EvallibError"}


def _told(name: str, words: str) -> str:
    """Return an error as it may be shown: ours with its words, others may quote a cell."""
    return f"{name}: {words}" if name.rsplit(".", 1)[-1] in OURS else name


def settle(notebook: dict[str, Any]) -> dict[str, Any]:
    """Return a notebook that gives nothing away: its sources, its blocks and results, its errors.

    Times, machine and random ids differ from run to run; what a cell printed or showed beside
    blocks may be a table with what people said, and so may the frames and causes of an error.
    """
    settled = json.loads(json.dumps(notebook))
    settled["metadata"].pop("papermill", None)
    for number, cell in enumerate(settled["cells"]):
        cell["metadata"].pop("papermill", None)
        cell["metadata"].pop("execution", None)
        outputs = [o for o in cell.get("outputs", []) if _is_ours(o)]
        for output in outputs:
            if output["output_type"] == "error":
                told = _told(output["ename"], output["evalue"])
                words = output["evalue"] if told != output["ename"] else ""
                output |= {"evalue": words, "traceback": [told]}
        if "outputs" in cell:
            cell["outputs"] = outputs
        if "injected-parameters" in cell["metadata"].get("tags", []):
            cell["id"] = f"injected-parameters-{number}"
    return dict(settled)


def _is_ours(output: dict[str, Any]) -> bool:
    """Tell whether an output is a block, a result or an error, and no print or table."""
    shown = output.get("data", {})
    return output["output_type"] == "error" or any(name.startswith(OUR_MIME) for name in shown)
