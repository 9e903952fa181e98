package asyncio.http;

import static asyncio.Asyncio.run;
import static asyncio.http.PayloadTest.bytesOf;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.*;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What Python's own library makes of our bodies; where there is a python3. */
@Timeout(240)
class MultipartPythonTest {
    private static final String JUDGE = """
            import base64, email.message, email.parser, email.policy, email.utils, json, sys, urllib.parse
            content_type, body = (base64.b64decode(line) for line in sys.stdin)
            if content_type.startswith(b'application/x-www-form-urlencoded'):
                print(json.dumps(urllib.parse.parse_qsl(body.decode(), keep_blank_values=True, strict_parsing=True)))
            else:
                def show(message):
                    if message.is_multipart():
                        return [show(part) for part in message.get_payload()]
                    disposition = email.message.Message()
                    for name, value in message.raw_items():
                        if name.lower() == 'content-disposition':
                            disposition[name] = value.encode('ascii', 'surrogateescape').decode()
                    params = disposition.get_params(header='content-disposition', failobj=[])
                    params = {name: email.utils.collapse_rfc2231_value(value) for name, value in
                              sorted(params, key=lambda item: isinstance(item[1], tuple))}
                    return [message.get_content_type(), params.get('name'), params.get('filename'),
                            base64.b64encode(message.get_payload(decode=True)).decode()]
                head = b'Content-Type: ' + content_type + b'\\r\\n\\r\\n'
                message = email.parser.BytesParser(policy=email.policy.compat32).parsebytes(head + body)
                defects = [type(defect).__name__ for part in message.walk() for defect in part.defects]
                print(json.dumps([defects, show(message)]))
            """;

    private static Object judge(Payload body) throws Exception {
        Process python;
        try {
            python = new ProcessBuilder("python3", "-c", JUDGE)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
        } catch (IOException absent) {
            var missing = "python3 is missing, so nothing asks it about our bodies";
            if ("true".equals(System.getenv("CI"))) {
                throw new AssertionError(missing, absent);
            }
            System.out.println("MultipartPythonTest: " + missing);
            return abort(missing);
        }
        var bytes = new byte[1][];
        run(() -> {
            bytes[0] = bytesOf(body);
        });
        try (var in = python.outputWriter(UTF_8)) {
            var encoder = Base64.getEncoder();
            in.write(encoder.encodeToString(body.contentType().getBytes(UTF_8)) + "\n");
            in.write(encoder.encodeToString(bytes[0]) + "\n");
        }
        var answer = python.getInputStream().readAllBytes();
        assertTrue(python.waitFor(30, TimeUnit.SECONDS));
        assertEquals(0, python.exitValue());
        return JsonCodec.standard().read(answer, Object.class);
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
    }

    private static List<String> part(String type, String name, String filename, String content) {
        return java.util.Arrays.asList(type, name, filename, base64(content));
    }

    @Test
    void forms() throws Exception {
        var form = FormData.create()
                .field("a b", "1\r\n2")
                .field("j", "{}", "application/json")
                .bytes("file", "\u4f60 a.png", "png".getBytes(UTF_8))
                .field("empty", "");
        assertEquals(
                List.of(
                        List.of(),
                        List.of(
                                part("text/plain", "a b", null, "1\r\n2"),
                                part("application/json", "j", null, "{}"),
                                part("image/png", "file", "\u4f60 a.png", "png"),
                                part("text/plain", "empty", null, ""))),
                judge(form));
    }

    @Test
    void urlencodedForms() throws Exception {
        assertEquals(
                List.of(List.of("a b", "\u00e4+&=%\r\n"), List.of("c", ""), List.of("c", "*-._~")),
                judge(FormData.create()
                        .field("a b", "\u00e4+&=%\r\n")
                        .field("c", "")
                        .field("c", "*-._~")));
    }

    @Test
    void nestedAndEncodedParts() throws Exception {
        var text = "caf\u00e9 = \r\n\t line \r\n".repeat(20) + "x".repeat(300);
        var body = MultipartWriter.create("mixed", "a b:c")
                .append(Payload.ofText(text), Map.of("Content-Transfer-Encoding", "quoted-printable"))
                .append(MultipartWriter.create("related").appendJson(List.of(1)).append(Payload.ofText("")))
                .append(
                        Payload.ofText(text).withFilename("\u00e4\"\\.txt"),
                        Map.of("Content-Transfer-Encoding", "base64"));
        assertEquals(
                List.of(
                        List.of(),
                        List.of(
                                part("text/plain", null, null, text),
                                List.of(
                                        part("application/json", null, null, "[1]"),
                                        part("text/plain", null, null, "")),
                                part("text/plain", null, "\u00e4\"\\.txt", text))),
                judge(body));
    }
}
