package samples.flags;

import java.net.URI;
import java.time.Duration;

/**
 * What every way is given.
 *
 * @param source where the flags are: {@code kr.svg} below it is the one of South Korea
 * @param folder where they go
 * @param limit how many may be under way at once
 * @param timeout how long one may take
 * @param progress to be called when a flag is done, however it went
 */
record Job(URI source, FlagFolder folder, int limit, Duration timeout, Runnable progress) {

    URI urlOf(String country) {
        var base = source.toString();
        return URI.create((base.endsWith("/") ? base : base + "/") + country + ".svg");
    }

    /** To be called before the request for a flag. */
    Attempt start(String country) {
        return new Attempt(country);
    }

    /** A download under way: the clock of one flag. */
    final class Attempt {
        private final String country;
        private final long started = System.nanoTime();

        private Attempt(String country) {
            this.country = country;
        }

        Download saved(int bytes) {
            return done(bytes, null);
        }

        Download failed(Exception exception) {
            return done(0, Failure.of(exception));
        }

        private Download done(int bytes, Failure failure) {
            progress.run();
            return new Download(country, bytes, failure, System.nanoTime() - started);
        }
    }
}
