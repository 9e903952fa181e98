package samples.flags;

/**
 * How the download of one flag went.
 *
 * @param failure null if it is there
 */
record Download(String country, int bytes, Failure failure, long nanos) {

    boolean succeeded() {
        return failure == null;
    }
}
