from booking.memory import MemoryRepository, MemoryTries, memory_repository, memory_tries

__all__ = ["MemoryRepository", "MemoryTries", "memory_repository", "memory_tries"]
