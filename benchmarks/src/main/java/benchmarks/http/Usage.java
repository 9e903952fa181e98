package benchmarks.http;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;

/**
 * What a server has done, for whoever started it: prints the port, and at each line of input how many requests there
 * were so far, and how many nanoseconds on a processor. The server ends when its input does.
 */
final class Usage {
    /** Changed by the thread of the server only. */
    static volatile long requests;

    private Usage() {}

    static void announce(int port) {
        System.out.println(port);
        var thread = new Thread(Usage::answer, "usage");
        thread.setDaemon(true);
        thread.start();
    }

    private static void answer() {
        var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        try {
            for (int next = System.in.read(); next >= 0; next = System.in.read()) {
                if (next == '\n') {
                    System.out.println(requests + " " + system.getProcessCpuTime());
                }
            }
        } catch (IOException e) {
            // As good as the end.
        }
        System.exit(0);
    }
}
