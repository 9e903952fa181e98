package asyncio.spi;

import java.util.ServiceLoader;

/**
 * What stands behind {@link asyncio.io} and {@link asyncio.file}; found with {@link ServiceLoader} when a program first
 * uses them.
 */
public interface IoProvider {

    /**
     * The provider of this program.
     *
     * @throws IllegalStateException if there is none on the class path or module path
     */
    static IoProvider get() {
        return Providers.Io.PROVIDER;
    }

    /** What stands behind files. */
    IoFiles files();

    /** What stands behind subprocesses. */
    IoProcesses processes();

    /** What stands behind sockets and names. */
    IoNetwork network();
}
