package benchmarks.suite;

import static benchmarks.suite.Row.ASLEEP;
import static benchmarks.suite.Row.CALL_LATER;
import static benchmarks.suite.Row.CALL_SOON;
import static benchmarks.suite.Row.CREATE;
import static benchmarks.suite.Row.EAGER_GATHER;
import static benchmarks.suite.Row.EVENT_BUS;
import static benchmarks.suite.Row.FILE_COPY_64K;
import static benchmarks.suite.Row.FUTURE;
import static benchmarks.suite.Row.GATHER;
import static benchmarks.suite.Row.GATHER_SLEEPERS;
import static benchmarks.suite.Row.HTTP2;
import static benchmarks.suite.Row.HTTP64;
import static benchmarks.suite.Row.LOCK;
import static benchmarks.suite.Row.MEMORY;
import static benchmarks.suite.Row.QUEUE;
import static benchmarks.suite.Row.SLEEP0;
import static benchmarks.suite.Row.TASK_GROUP;
import static benchmarks.suite.Row.TIMEOUT;
import static benchmarks.suite.Row.VERTX_DONE;
import static benchmarks.suite.Row.VERTX_PENDING;

import benchmarks.file.NioFiles;
import benchmarks.file.OursFiles;
import benchmarks.http.JdkClient;
import benchmarks.http.OkHttp;
import benchmarks.http.OursJavaHttp;
import benchmarks.http.OursKotlinHttp;
import benchmarks.http.VertxHttp;
import benchmarks.http.VertxWebClient;
import benchmarks.work.BareVirtualThreads;
import benchmarks.work.Kotlinx;
import benchmarks.work.OursJava;
import benchmarks.work.OursKotlin;
import benchmarks.work.VertxAwait;
import benchmarks.work.VertxCallbacks;
import benchmarks.work.Work;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Who is measured: the ways to run ours, and those it is compared with. */
enum Peer {
    JAVA(
            "java",
            "asyncio4j, Java",
            OursJava.class,
            OursJavaHttp.class,
            100_000,
            List.of(Peer.OPENS, "-Dasyncio.fiber=loop"),
            EnumSet.allOf(Row.class)),
    JAVA_WATCHED(
            "java",
            "asyncio4j, Java, with -ea",
            OursJava.class,
            OursJavaHttp.class,
            100_000,
            // What nobody awaits is reported then.
            List.of(Peer.OPENS, "-Dasyncio.fiber=loop", "-ea:asyncio..."),
            EnumSet.of(SLEEP0, CREATE, GATHER, LOCK)),
    JAVA_VIRTUAL(
            "java",
            "asyncio4j, Java, without the flag",
            OursJava.class,
            OursJavaHttp.class,
            10_000,
            List.of("-Dasyncio.fiber=virtual"),
            EnumSet.of(SLEEP0, CREATE, GATHER, HTTP64, MEMORY, FILE_COPY_64K)),
    JAVA_PLATFORM(
            "java",
            "asyncio4j, Java, platform threads",
            OursJava.class,
            OursJavaHttp.class,
            10_000,
            List.of("-Dasyncio.fiber=platform"),
            EnumSet.of(SLEEP0, CREATE, GATHER, HTTP64, FILE_COPY_64K)),
    KOTLIN(
            "kotlin",
            "asyncio4j, Kotlin",
            OursKotlin.class,
            OursKotlinHttp.class,
            100_000,
            List.of(Peer.OPENS),
            EnumSet.complementOf(with(Row.FILE, CALL_SOON, CALL_LATER))),
    KOTLINX(
            "kotlinx",
            "kotlinx on Vert.x",
            Kotlinx.class,
            Kotlinx.class,
            100_000,
            List.of(),
            EnumSet.of(
                    SLEEP0,
                    CREATE,
                    GATHER,
                    GATHER_SLEEPERS,
                    FUTURE,
                    CALL_LATER,
                    TASK_GROUP,
                    EAGER_GATHER,
                    QUEUE,
                    LOCK,
                    TIMEOUT,
                    VERTX_DONE,
                    VERTX_PENDING,
                    EVENT_BUS,
                    HTTP64,
                    MEMORY)),
    BARE(
            "bare",
            "bare virtual threads",
            BareVirtualThreads.class,
            null,
            100_000,
            List.of(Peer.OPENS),
            EnumSet.of(SLEEP0, CREATE, GATHER, GATHER_SLEEPERS, MEMORY)),
    VERTX_AWAIT(
            "vertx-await",
            "Vert.x await",
            VertxAwait.class,
            VertxAwait.class,
            10_000,
            List.of(),
            EnumSet.of(SLEEP0, VERTX_DONE, VERTX_PENDING, EVENT_BUS, HTTP64, MEMORY)),
    VERTX(
            "vertx",
            "Vert.x callbacks",
            VertxCallbacks.class,
            VertxHttp.class,
            100_000,
            List.of(),
            with(Row.HTTP, CALL_SOON, CALL_LATER, EVENT_BUS)),
    WEB_CLIENT("web-client", "Vert.x WebClient", null, VertxWebClient.class, 0, List.of(), Row.HTTP),
    JDK_CLIENT("jdk", "JDK HttpClient", null, JdkClient.class, 0, List.of(), Row.HTTP),
    OKHTTP("okhttp", "OkHttp", null, OkHttp.class, 0, List.of(), Row.HTTP),
    NIO("nio", "java.nio", NioFiles.class, null, 0, List.of(), Row.FILE),
    CPYTHON(
            "asyncio",
            "CPython asyncio",
            null,
            null,
            0,
            List.of(),
            EnumSet.complementOf(EnumSet.of(VERTX_DONE, VERTX_PENDING, EVENT_BUS, HTTP2))),
    UVLOOP(
            "uvloop",
            "CPython uvloop",
            null,
            null,
            0,
            List.of(),
            EnumSet.complementOf(
                    with(Row.FILE, EAGER_GATHER, VERTX_DONE, VERTX_PENDING, EVENT_BUS, MEMORY, ASLEEP, HTTP2)));

    /** What the fastest carrier needs. */
    private static final String OPENS = "--add-opens=java.base/java.lang=ALL-UNNAMED";

    /** Its name for the programs that are not run by JMH. */
    final String id;

    private final String label;

    private final Class<? extends Work> work;
    private final Class<? extends Work> http;

    /** Operations in one invocation: fewer where each is slow. */
    final int ops;

    final List<String> jvmArguments;
    final Set<Row> rows;

    Peer(
            String id,
            String label,
            Class<? extends Work> work,
            Class<? extends Work> http,
            int ops,
            List<String> jvmArguments,
            Set<Row> rows) {
        this.id = id;
        this.label = label;
        this.work = work;
        this.http = http;
        this.ops = ops;
        this.jvmArguments = jvmArguments;
        this.rows = rows;
    }

    private static EnumSet<Row> with(Set<Row> rows, Row... others) {
        var all = EnumSet.copyOf(rows);
        Collections.addAll(all, others);
        return all;
    }

    /** Its benchmark for a row. */
    String benchmark(Row row) {
        var type = row.http() ? http : row.file() && this != NIO ? OursFiles.class : work;
        return type.getName() + "." + row.benchmark;
    }

    /** Whether it is so near to one of ours that it takes all rounds to see the difference. */
    boolean near() {
        return this == JAVA || this == KOTLIN || this == KOTLINX || this == BARE || this == VERTX || this == NIO;
    }

    boolean python() {
        return work == null && http == null;
    }

    String label() {
        return label;
    }

    /** What it is called in a row. */
    String label(Row row) {
        if (row.file() && this == CPYTHON) {
            return "aiofiles";
        }
        if (row.http()) {
            switch (this) {
                case VERTX:
                    return "Vert.x HttpClient";
                case KOTLINX:
                    return "Vert.x HttpClient, kotlinx";
                case VERTX_AWAIT:
                    return "Vert.x HttpClient, await";
                case CPYTHON:
                    return "aiohttp";
                case UVLOOP:
                    return "aiohttp on uvloop";
                default:
            }
        }
        return label;
    }
}
