package asyncio.spi;

/** What stands behind subprocesses in {@link asyncio.io}. */
public interface IoProcesses {}
