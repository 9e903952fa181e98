package benchmarks.http;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PfxOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The server of the rows with TLS: Vert.x on one event loop, which speaks HTTP/2 with those who ask for it. */
public final class TlsServer {
    private static final String PASSWORD = "benchmark";

    private TlsServer() {}

    public static void main(String[] args) throws Exception {
        var vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
        var options = new HttpServerOptions()
                .setSsl(true)
                .setUseAlpn(true)
                .setAcceptBacklog(1024)
                .setKeyCertOptions(new PfxOptions().setValue(certificate()).setPassword(PASSWORD));
        var hello = Buffer.buffer(Errand.HELLO);
        var type = HttpHeaders.createOptimized("text/plain");
        vertx.createHttpServer(options)
                .requestHandler(request -> {
                    Usage.requests++;
                    request.response().putHeader(HttpHeaders.CONTENT_TYPE, type).end(hello);
                })
                .listen(0, "127.0.0.1")
                .onSuccess(server -> Usage.announce(server.actualPort()))
                .onFailure(failure -> {
                    failure.printStackTrace();
                    System.exit(1);
                });
    }

    /** Self-signed, of today: the JDK has no other way to make one than its tool. */
    private static Buffer certificate() throws IOException, InterruptedException {
        var folder = Files.createTempDirectory("certificate");
        var file = folder.resolve("server.p12");
        try {
            var keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
            var command = keytool + " -genkeypair -alias server -keyalg EC -groupname secp256r1 -validity 2"
                    + " -dname CN=localhost -ext SAN=dns:localhost,ip:127.0.0.1 -storetype PKCS12"
                    + " -storepass " + PASSWORD + " -keystore " + file;
            var process = new ProcessBuilder(command.split(" "))
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            if (process.waitFor() != 0) {
                throw new IOException("keytool failed");
            }
            return Buffer.buffer(Files.readAllBytes(file));
        } finally {
            Files.deleteIfExists(file);
            Files.delete(folder);
        }
    }
}
