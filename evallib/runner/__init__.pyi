from .batch.batch import JobResult as JobResult
from .batch.batch import run as run
from .batch.plan import Job as Job
from .batch.plan import plan_jobs as plan_jobs
from .intake.ingestion import IngestReport as IngestReport
from .intake.ingestion import ingest as ingest
