import java.net.IDN;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeSet;

/**
 * Makes the resource public-suffixes.txt of the Public Suffix List:
 *
 * <pre>{@code
 * java http-client/src/tools/PublicSuffixes.java public_suffix_list.dat \
 *     http-client/src/main/resources/asyncio/internal/http/cookie/public-suffixes.txt
 * }</pre>
 *
 * {@code update-public-suffixes} fetches the list and does that. Debian has the list in its package publicsuffix.
 */
class PublicSuffixes {
    private static final String NOTICE = """
            // The rules of the Public Suffix List, https://publicsuffix.org/list/, without its comments, in the ASCII
            // form of internationalized names, and sorted. Made by src/tools/PublicSuffixes.java.
            //
            // This Source Code Form is subject to the terms of the Mozilla Public
            // License, v. 2.0. If a copy of the MPL was not distributed with this
            // file, You can obtain one at https://mozilla.org/MPL/2.0/.
            """;

    public static void main(String[] args) throws Exception {
        var rules = new TreeSet<String>();
        for (var line : Files.readAllLines(Path.of(args[0]))) {
            if (line.isBlank() || line.startsWith("//")) {
                continue;
            }
            var rule = line.strip().split("\\s")[0];
            var prefix = rule.startsWith("*.") ? "*." : rule.startsWith("!") ? "!" : "";
            var name = rule.substring(prefix.length());
            var ascii = IDN.toASCII(name, IDN.ALLOW_UNASSIGNED).toLowerCase(java.util.Locale.ROOT);
            if (name.contains("*") || !ascii.matches("[a-z0-9.-]+")) {
                throw new IllegalArgumentException("A rule that is not understood: " + rule);
            }
            if (!IDN.toUnicode(ascii, IDN.ALLOW_UNASSIGNED).equals(name)) {
                System.err.println("Not the same there and back: " + name + " " + ascii);
            }
            rules.add(prefix + ascii);
        }
        Files.write(
                Path.of(args[1]),
                (NOTICE + String.join("\n", rules) + "\n").getBytes(StandardCharsets.US_ASCII));
        System.out.println(rules.size() + " rules");
    }
}
