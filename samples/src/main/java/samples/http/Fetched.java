package samples.http;

/**
 * What came of one URL.
 *
 * @param status 0 if there was none
 * @param problem what went wrong; empty if nothing did
 */
record Fetched(String url, int status, long bytes, String problem, long nanos) {

    static Fetched answered(String url, int status, long bytes, long nanos) {
        return new Fetched(url, status, bytes, "", nanos);
    }

    static Fetched failed(String url, Exception e, long nanos) {
        return new Fetched(url, 0, 0, e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage(), nanos);
    }

    boolean succeeded() {
        return status > 0 && status < 400;
    }
}
