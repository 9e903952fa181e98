package asyncio.spi;

/** What stands behind {@link asyncio.file}. */
public interface IoFiles {}
