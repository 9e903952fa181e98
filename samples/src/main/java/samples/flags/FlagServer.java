package samples.flags;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import samples.LocalServer;

/**
 * A server of real flags on this machine: {@code /kr.svg} is the one of South Korea, after a delay like a network's.
 */
final class FlagServer implements AutoCloseable {

    /** How the server may misbehave, to show what becomes of it. */
    enum Fault {
        MISSING,
        ERROR,
        CUT,
        DROPPED
    }

    private static final Pattern PATH = Pattern.compile("/([a-z]{2})\\.svg");

    private final Duration delay;
    private final Map<String, Fault> faults;
    private final Map<String, Buffer> images = new ConcurrentHashMap<>();
    private final String folder = "META-INF/resources/webjars/flag-icons/" + version() + "/flags/4x3/";
    private final LocalServer server = LocalServer.start(this::handle);

    private FlagServer(Duration delay, Map<String, Fault> faults) {
        this.delay = delay;
        this.faults = faults;
    }

    /**
     * Starts a server on a free port of the loopback address.
     *
     * @param delay of each response
     * @param faults which flags are to go wrong, and how
     */
    static FlagServer start(Duration delay, Map<String, Fault> faults) {
        return new FlagServer(delay, faults);
    }

    URI url() {
        return URI.create(server.url(""));
    }

    @Override
    public void close() {
        server.close();
    }

    private void handle(HttpServerRequest request) {
        var path = PATH.matcher(request.path());
        var country = path.matches() ? path.group(1) : "";
        var image = images.computeIfAbsent(country, this::read);
        // xx is the webjar's picture of no flag.
        var fault = image.length() == 0 || country.equals("xx") ? Fault.MISSING : faults.get(country);
        if (delay.isZero()) {
            answer(request, image, fault);
        } else {
            server.vertx().setTimer(delay.toMillis(), timer -> answer(request, image, fault));
        }
    }

    private static void answer(HttpServerRequest request, Buffer image, Fault fault) {
        var response = request.response();
        if (fault == null) {
            response.putHeader("Content-Type", "image/svg+xml").end(image);
        } else if (fault == Fault.DROPPED) {
            request.connection().close();
        } else if (fault == Fault.CUT) {
            response.putHeader("Content-Length", Integer.toString(image.length()))
                    .write(image.slice(0, image.length() / 2))
                    .onComplete(written -> request.connection().close());
        } else {
            response.setStatusCode(fault == Fault.MISSING ? 404 : 500).end();
        }
    }

    /** The flag in the webjar; empty if there is none. */
    private Buffer read(String country) {
        try (var in = FlagServer.class.getClassLoader().getResourceAsStream(folder + country + ".svg")) {
            return in == null ? Buffer.buffer() : Buffer.buffer(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The version of the webjar is part of the path inside. */
    private static String version() {
        var properties = new Properties();
        try (var in = FlagServer.class
                .getClassLoader()
                .getResourceAsStream("META-INF/maven/org.webjars.npm/flag-icons/pom.properties")) {
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties.getProperty("version");
    }
}
