package benchmarks.suite;

import static benchmarks.suite.Peer.BARE;
import static benchmarks.suite.Peer.CPYTHON;
import static benchmarks.suite.Peer.JAVA;
import static benchmarks.suite.Peer.JAVA_VIRTUAL;
import static benchmarks.suite.Peer.JDK_CLIENT;
import static benchmarks.suite.Peer.KOTLIN;
import static benchmarks.suite.Peer.KOTLINX;
import static benchmarks.suite.Peer.NIO;
import static benchmarks.suite.Peer.UVLOOP;
import static benchmarks.suite.Peer.VERTX;
import static benchmarks.suite.Peer.VERTX_AWAIT;

import java.util.ArrayList;
import java.util.List;

/**
 * What is wanted of one of ours in a row.
 *
 * @param peer what it is compared with; null for a fixed number
 * @param limit where the figure is compared with a peer's: how many times that one's it may be at most, or how many
 *     times as fast it must be at least; otherwise the number it may be at most
 */
record Wanted(Row row, Peer ours, Peer peer, Kind kind, double limit) {
    static final List<Wanted> ALL = of(
            atMost(Row.SLEEP0, JAVA, 1.6, BARE),
            asFast(Row.SLEEP0, JAVA, 4, UVLOOP),
            asFast(Row.SLEEP0, JAVA, 8, CPYTHON),
            atMost(Row.SLEEP0, KOTLIN, 0.5, KOTLINX),
            asFast(Row.SLEEP0, JAVA_VIRTUAL, 1, CPYTHON),
            new Wanted(Row.CREATE, JAVA, null, Kind.AT_MOST, 0.45),
            atMost(Row.CREATE, JAVA, 3, BARE),
            atMost(Row.CREATE, KOTLIN, 1, KOTLINX),
            asFast(Row.GATHER, JAVA, 6, CPYTHON),
            asFast(Row.GATHER_SLEEPERS, JAVA, 6, CPYTHON),
            asFast(Row.CALL_LATER, JAVA, 5, CPYTHON),
            asFast(Row.TASK_GROUP, JAVA, 4, CPYTHON),
            asFast(Row.EAGER_GATHER, JAVA, 4, CPYTHON),
            asFast(Row.QUEUE, JAVA, 4, CPYTHON),
            asFast(Row.LOCK, JAVA, 4, CPYTHON),
            asFast(Row.TIMEOUT, JAVA, 4, CPYTHON),
            asFast(Row.VERTX_DONE, JAVA, 1, VERTX_AWAIT),
            asFast(Row.VERTX_PENDING, JAVA, 1, VERTX_AWAIT),
            asFast(Row.VERTX_PENDING, KOTLIN, 1, KOTLINX),
            asFast(Row.EVENT_BUS, JAVA, 1, VERTX_AWAIT),
            asFast(Row.EVENT_BUS, KOTLIN, 1, KOTLINX),
            asFast(Row.FILE_COPY_64K, JAVA, 0.8, NIO),
            asFast(Row.FILE_COPY_1M, JAVA, 0.8, NIO),
            asFast(Row.FILE_LINES, JAVA, 4, CPYTHON),
            asFast(Row.HTTP64, JAVA, 2, JDK_CLIENT),
            asFast(Row.HTTP64, JAVA, 6, CPYTHON),
            new Wanted(Row.MEMORY, JAVA, null, Kind.AT_MOST, 1_000),
            new Wanted(Row.MEMORY, KOTLIN, null, Kind.AT_MOST, 400),
            new Wanted(Row.ASLEEP, JAVA, null, Kind.ALL_WAKE, Suite.SLEEPERS));

    private static List<Wanted> of(Wanted... wanted) {
        var all = new ArrayList<>(List.of(wanted));
        for (var row : Row.HTTP) {
            all.add(asFast(row, JAVA, 0.9, VERTX));
            all.add(asFast(row, KOTLIN, 0.9, VERTX));
        }
        return List.copyOf(all);
    }

    enum Kind {
        AT_MOST,
        AS_FAST,
        ALL_WAKE
    }

    private static Wanted atMost(Row row, Peer ours, double limit, Peer peer) {
        return new Wanted(row, ours, peer, Kind.AT_MOST, limit);
    }

    private static Wanted asFast(Row row, Peer ours, double limit, Peer peer) {
        return new Wanted(row, ours, peer, Kind.AS_FAST, limit);
    }

    String text() {
        var number = limit == Math.rint(limit) ? "%,.0f".formatted(limit) : String.valueOf(limit);
        return switch (kind) {
            case ALL_WAKE -> "all wake, within 2 GiB of heap";
            case AT_MOST ->
                peer == null
                        ? "at most " + row.unit.format(limit)
                        : "takes at most " + number + " × as long as " + peer.label(row);
            case AS_FAST -> "at least " + number + " × as fast as " + peer.label(row);
        };
    }

    Result result(Figures figures) {
        var mine = figures.get(row, ours);
        if (!mine.measured()) {
            return Result.unknown(mine.note);
        }
        if (kind == Kind.ALL_WAKE) {
            return new Result(mine.note, mine.note.startsWith("%,d woke".formatted((long) limit)));
        }
        if (peer == null) {
            return new Result(row.unit.format(mine.best()), mine.best() <= limit);
        }
        var other = figures.get(row, peer);
        if (!other.measured()) {
            return Result.unknown(other.note);
        }
        double ratio = kind == Kind.AT_MOST ? mine.best() / other.best() : other.best() / mine.best();
        return new Result("%.2f ×".formatted(ratio), kind == Kind.AT_MOST ? ratio <= limit : ratio >= limit);
    }

    /**
     * How it came out.
     *
     * @param met null if it could not be measured
     */
    record Result(String measured, Boolean met) {
        static Result unknown(String note) {
            return new Result(note.isEmpty() ? "not measured" : note, null);
        }

        String verdict() {
            return met == null ? "?" : met ? "met" : "missed";
        }
    }
}
