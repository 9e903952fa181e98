/** The rows of the files: asyncio4j's, and java.nio in one thread. */
package benchmarks.file;
