package benchmarks.work;

import java.lang.management.ManagementFactory;

/** The heap of this program. */
final class Heap {
    private Heap() {}

    /** Bytes in use, without garbage. */
    static long used() {
        long used = Long.MAX_VALUE;
        // References and cleaners can take a second collection to let go of what they hold.
        for (int i = 0; i < 3; i++) {
            System.gc();
            used = Math.min(
                    used,
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        }
        return used;
    }
}
