package asyncio.file;

import org.jspecify.annotations.Nullable;

/** How full a file system is, in bytes. Python: what {@code shutil.disk_usage} gives. */
public final class DiskUsage {
    private final long total;
    private final long used;
    private final long free;

    /** Makes one. */
    public DiskUsage(long total, long used, long free) {
        this.total = total;
        this.used = used;
        this.free = free;
    }

    /** How much it has. Python: {@code total}. */
    public long total() {
        return total;
    }

    /** How much is taken. Python: {@code used}. */
    public long used() {
        return used;
    }

    /** How much this program may take. Python: {@code free}. */
    public long free() {
        return free;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof DiskUsage usage && usage.total == total && usage.used == used && usage.free == free;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(total * 31 * 31 + used * 31 + free);
    }

    @Override
    public String toString() {
        return "<DiskUsage total=" + total + ", used=" + used + ", free=" + free + ">";
    }
}
