package asyncio.architecture;
class ArchitectureTest { @org.junit.jupiter.api.Test void x() {} }
