from booking.memory import MemoryRepository, memory_repository

__all__ = ["MemoryRepository", "memory_repository"]
