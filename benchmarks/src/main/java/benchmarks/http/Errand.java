package benchmarks.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import benchmarks.work.Work;
import org.openjdk.jmh.infra.BenchmarkParams;

/** What all clients do in a row, each in its own way. */
public enum Errand {
    GET("GET", "/", Errand.HELLO.length(), null),
    POST("POST", "/", Errand.HELLO.length(), "Hello, server!".repeat(7).getBytes(US_ASCII)),
    DOWNLOAD("GET", "/1m", Errand.MEBIBYTE, null),
    UPLOAD("POST", "/", Errand.HELLO.length(), new byte[Errand.MEBIBYTE]),

    /** The body becomes a {@link Catalogue}. */
    GET_JSON("GET", "/json", Catalogue.BYTES.length, null),

    /** A {@link Catalogue} becomes the body. */
    POST_JSON("POST", "/", Errand.HELLO.length(), null),
    TLS("GET", "/", Errand.HELLO.length(), null),
    HTTP2("GET", "/", Errand.HELLO.length(), null);

    static final String HELLO = "Hello, world!";
    static final int MEBIBYTE = 1024 * 1024;

    final String method;
    final String path;

    /** What is sent, as it is; null for nothing. */
    final byte[] body;

    private final int expected;

    Errand(String method, String path, int expected, byte[] body) {
        this.method = method;
        this.path = path;
        this.expected = expected;
        this.body = body;
    }

    /** That of a benchmark of {@link HttpWork}. */
    static Errand of(BenchmarkParams benchmark) {
        var name = benchmark.getBenchmark();
        return switch (name.substring(name.lastIndexOf('.') + 1)) {
            case "post" -> POST;
            case "download" -> DOWNLOAD;
            case "upload" -> UPLOAD;
            case "getJson" -> GET_JSON;
            case "postJson" -> POST_JSON;
            case "tls" -> TLS;
            case "http2" -> HTTP2;
            default -> GET;
        };
    }

    public boolean tls() {
        return this == TLS || this == HTTP2;
    }

    public boolean http2() {
        return this == HTTP2;
    }

    public String url() {
        return (tls() ? "https://" : "http://") + Work.HOST + ":" + port() + path;
    }

    public int port() {
        return tls() ? Work.tlsPort() : Work.port();
    }

    public byte[] body() {
        return body;
    }

    /** Of the answer, which everybody reads to its end. */
    public void check(int length) {
        if (length != expected) {
            throw new IllegalStateException(this + ": " + length + " bytes instead of " + expected);
        }
    }
}
