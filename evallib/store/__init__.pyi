from .database import Store as Store
