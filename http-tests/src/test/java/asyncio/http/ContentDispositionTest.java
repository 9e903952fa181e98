package asyncio.http;

import static org.junit.jupiter.api.Assertions.*;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Content-Disposition: what is in the RFCs, and what servers send instead. */
@Timeout(240)
class ContentDispositionTest {

    private static ContentDisposition parse(String header) {
        return ContentDisposition.parse(header);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "attachment; filename=\"foo.html\"                                   | foo.html",
                "attachment; filename=foo.html                                       | foo.html",
                "ATTACHMENT; FILENAME=\"foo.html\"                                   | foo.html",
                "attachment;filename=\"foo.html\"                                    | foo.html",
                "attachment ; filename = \"foo.html\" ;                              | foo.html",
                "attachment; filename=\"f\\oo.html\"                                 | foo.html",
                "attachment; filename=\"\\\"quoting\\\" tested.html\"                | \"quoting\" tested.html",
                "attachment; filename=\"semi;colon=.html\"                           | semi;colon=.html",
                "attachment; foo=\"bar\"; filename=\"foo.html\"                      | foo.html",
                "attachment; foo=\"a;filename=bad.html\"; filename=foo.html          | foo.html",
                "attachment; filename=\"\"                                           | ``",
                "attachment; filename*=iso-8859-1''foo-%E4.html                      | foo-\u00e4.html",
                "attachment; filename*=UTF-8''foo-%c3%a4-%e2%82%ac.html              | foo-\u00e4-\u20ac.html",
                "attachment; filename*=utf-8'en'foo.html                             | foo.html",
                // Without a charset, as aiohttp 3.14 reads it.
                "attachment; filename*=''x; filename=plain.html                      | x",
                "attachment; filename*='en'%C3%A4x                                   | \u00e4x",
                "attachment; filename=\"plain.html\"; filename*=UTF-8''%C3%A4.html   | \u00e4.html",
                "attachment; filename*=UTF-8''%C3%A4.html; filename=\"plain.html\"   | \u00e4.html",
                "attachment; filename*0=\"foo.\"; filename*1=\"html\"                | foo.html",
                "attachment; filename*1=\"html\"; filename*0=\"foo.\"                | foo.html",
                "attachment; filename*0*=UTF-8''foo-%c3; filename*1*=%a4; filename*2=\".html\" | foo-\u00e4.html",
                "attachment; filename*0=\"a\"; filename*2=\"c\"                      | a",
                "attachment; filename*0=\"a\"; filename*01=\"b\"                     | a",
                // Malformed: left out, with the rest kept.
                "attachment; filename*=UTF-8''%e4.html; filename=plain.html          | plain.html",
                "attachment; filename*=UTF-8''%c3%a.html; filename=plain.html        | plain.html",
                "attachment; filename*=klingon''x; filename=plain.html               | plain.html",
                "attachment; filename*=x; filename=plain.html                        | plain.html",
                "attachment; filename*=utf-8'x; filename=plain.html                  | plain.html",
                "attachment; filename*=''%E4; filename=plain.html                    | plain.html",
                "attachment; =x; ; a; @b=c; filename=plain.html                      | plain.html",
                "attachment; x=\"a\"b; filename=plain.html                           | plain.html",
                "attachment; filename=one.html; filename=two.html                    | one.html",
            })
    void filenames(String header, String filename) {
        var disposition = parse(header);
        assertEquals("attachment", disposition.type());
        assertEquals(filename, disposition.filename());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "attachment",
                "attachment;",
                "attachment; filename",
                "attachment; filename=",
                "attachment; filename=foo bar.html",
                "attachment; filename=\"unterminated",
                "attachment; filename=\"a\" b",
                "attachment; filename*1=\"html\"",
                "attachment; filename*0*=UTF-8''%; filename*1=b",
                "attachment; filename*00=\"a\"",
                "attachment; filename*99999999999=\"a\"",
                "attachment; file name=x",
            })
    void withoutAFilename(String header) {
        var disposition = parse(header);
        assertEquals("attachment", disposition.type());
        assertNull(disposition.filename());
        assertNull(disposition.safeFilename());
    }

    @Test
    void withoutAType() {
        assertNull(parse(null));
        for (var bad : new String[] {"", ";", "; filename=a", "\"inline\"", "a b", "filename=foo.html", "@"}) {
            assertNull(parse(bad), bad);
        }
    }

    @Test
    void allParametersAreThere() {
        var disposition = parse("form-data; name=\"a b\"; FileName=c; x*=utf-8''%20");
        assertEquals("form-data", disposition.type());
        assertEquals("a b", disposition.name());
        assertEquals(Map.of("name", "a b", "filename", "c", "x", " "), disposition.parameters());
        assertThrows(
                UnsupportedOperationException.class,
                () -> disposition.parameters().put("a", "b"));
    }

    @Test
    void bytesOfUtf8InPlaceOfCharacters() {
        var raw = new String(
                "attachment; filename=\"\u4f60\u597d.txt\"".getBytes(StandardCharsets.UTF_8),
                StandardCharsets.ISO_8859_1);
        assertEquals("\u4f60\u597d.txt", parse(raw).filename());
        assertEquals("caf\u00e9", parse("attachment; filename=\"caf\u00e9\"").filename());
        assertEquals("\u4f60", parse("attachment; filename=\"\u4f60\"").filename());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            nullValues = "null",
            value = {
                "foo.html             | foo.html",
                "../../etc/passwd     | passwd",
                "/etc/passwd          | passwd",
                "C:\\\\windows\\\\a.txt | a.txt",
                "C:a.txt              | C_a.txt",
                "..                   | null",
                ".                    | null",
                "a/                   | null",
                "a/..                 | null",
                "``                   | null",
                "...                  | null",
                ".bashrc              | .bashrc",
                "a.txt.               | a.txt",
                "CON                  | _CON",
                "nul.txt              | _nul.txt",
                "console.txt          | console.txt",
                "\u4f60.txt           | \u4f60.txt",
                "gpj\u202e.exe        | gpj.exe",
            })
    void safeNames(String filename, String safe) {
        assertEquals(safe, new ContentDisposition("attachment", Map.of("filename", filename)).safeFilename());
    }

    @Test
    void safeNamesHaveNoSpecialCharacters() {
        assertEquals(
                "a_b__c____.txt",
                new ContentDisposition("attachment", Map.of("filename", "a<b>|c?*\":.txt\r\n\0")).safeFilename());
    }
}
