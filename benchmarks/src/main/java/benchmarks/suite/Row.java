package benchmarks.suite;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/** What is measured: a row of the table. Rows that are measured by the benchmark of a peer carry its name. */
enum Row {
    SLEEP0("sleep0", "await(sleep(ZERO))", Unit.MICROSECONDS),
    CREATE("createAndAwait", "await(createTask(…))", Unit.MICROSECONDS),
    GATHER("gatherAtOnce", "gather of 1,000 that return at once, per task", Unit.MICROSECONDS),
    GATHER_SLEEPERS("gatherSleepers", "gather of 1,000 that sleep(ZERO), per task", Unit.MICROSECONDS),
    FUTURE("callbackSetsFuture", "await of a future that a callback sets", Unit.MICROSECONDS),
    CALL_SOON("callSoonChain", "callSoon", Unit.MICROSECONDS),
    CALL_LATER("callLaterAndCancel", "callLater and cancel", Unit.MICROSECONDS),
    TASK_GROUP("taskGroup", "TaskGroup of 1,000 that return at once, per task", Unit.MICROSECONDS),
    EAGER_GATHER("eagerGather", "gather of 1,000 with eager start, per task", Unit.MICROSECONDS),
    QUEUE("queuePingPong", "queue ping-pong, there and back", Unit.MICROSECONDS),
    LOCK("uncontendedLock", "block with a free Lock", Unit.MICROSECONDS),
    TIMEOUT("timeoutBlock", "block with a timeout", Unit.MICROSECONDS),
    VERTX_DONE("vertxDone", "await of a completed future of Vert.x", Unit.MICROSECONDS),
    VERTX_PENDING("vertxPending", "await of a future that Vert.x completes later", Unit.MICROSECONDS),
    EVENT_BUS("eventBus", "event bus, request and reply", Unit.MICROSECONDS),
    MEMORY("memory", "memory of a suspended task", Unit.BYTES),
    ASLEEP("asleep", "1,000,000 tasks asleep at once", Unit.SECONDS),

    HTTP1("http1", "HTTP GET, one at a time", Unit.MICROSECONDS),
    HTTP64("http64", "HTTP GET, 64 at once, per request", Unit.MICROSECONDS),
    HTTP1000("http1000", "HTTP GET, 1,000 at once, per request", Unit.MICROSECONDS),
    HTTP_POST("post", "HTTP POST, 64 at once, per request", Unit.MICROSECONDS),
    HTTP_GET_JSON("getJson", "GET of JSON, 64 at once, per request", Unit.MICROSECONDS),
    HTTP_POST_JSON("postJson", "POST of JSON, 64 at once, per request", Unit.MICROSECONDS),
    HTTP_DOWNLOAD("download", "GET of 1 MiB, 8 at once, per request", Unit.MICROSECONDS),
    HTTP_UPLOAD("upload", "POST of 1 MiB, 8 at once, per request", Unit.MICROSECONDS),
    HTTP_TLS("tls", "GET over TLS, 64 at once, per request", Unit.MICROSECONDS),
    HTTP2("http2", "GET over HTTP/2, 64 at once, per request", Unit.MICROSECONDS),

    FILE_COPY_64K("copy64k", "file copied by 64 KiB, per MiB", Unit.MICROSECONDS),
    FILE_COPY_1M("copy1m", "file copied by 1 MiB, per MiB", Unit.MICROSECONDS),
    FILE_LINES("lines", "lines of a file, per line", Unit.MICROSECONDS);

    /** The rows of the HTTP clients, which have a section of their own. */
    static final Set<Row> HTTP = Collections.unmodifiableSet(EnumSet.range(HTTP1, HTTP2));

    /** The rows of the files. */
    static final Set<Row> FILE = Collections.unmodifiableSet(EnumSet.range(FILE_COPY_64K, FILE_LINES));

    /** The others. */
    static final Set<Row> LOOP = Collections.unmodifiableSet(EnumSet.range(SLEEP0, ASLEEP));

    final String benchmark;
    final String label;
    final Unit unit;

    Row(String benchmark, String label, Unit unit) {
        this.benchmark = benchmark;
        this.label = label;
        this.unit = unit;
    }

    boolean http() {
        return HTTP.contains(this);
    }

    boolean file() {
        return FILE.contains(this);
    }

    /** Whether it needs the server that speaks TLS. */
    boolean tls() {
        return this == HTTP_TLS || this == HTTP2;
    }

    enum Unit {
        MICROSECONDS("µs"),
        BYTES("bytes"),
        SECONDS("s");

        final String label;

        Unit(String label) {
            this.label = label;
        }

        String format(double value) {
            String number;
            if (this == BYTES || value >= 1_000) {
                number = "%,.0f".formatted(value);
            } else if (this == SECONDS || value >= 10) {
                number = "%.1f".formatted(value);
            } else {
                number = (value >= 1 ? "%.2f" : "%.3f").formatted(value);
            }
            return number + " " + label;
        }
    }
}
