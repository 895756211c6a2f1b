from .intake import IngestReport as IngestReport
from .intake import ingest as ingest
from .plan import Job as Job
from .plan import plan_jobs as plan_jobs
from .run import JobResult as JobResult
from .run import run as run
