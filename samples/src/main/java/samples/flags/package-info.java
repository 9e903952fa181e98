/**
 * The flags of the 20 most populous countries, fetched one after another, with a pool of threads, and with asyncio4j.
 *
 * <p>Read {@link samples.flags.Sequential}, {@link samples.flags.ThreadPool} and {@link samples.flags.AsyncioTasks}
 * side by side; the other classes are what they share.
 */
package samples.flags;
