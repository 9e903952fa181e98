package asyncio.http;

import asyncio.spi.HttpProvider;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A cookie: a name, a value, and where it may go. Immutable. {@link #toString()} does not show the value, which may be
 * a secret. Python: {@code http.cookies.Morsel}.
 *
 * <p>One that a response brought says what the server wrote; one from a {@link CookieJar} says where it is sent: there
 * {@link #domain()} and {@link #path()} are always known, and a {@code Max-Age} has become {@link #expires()}.
 */
public final class Cookie {
    private final String name;
    private final String value;
    private final @Nullable String codedValue;
    private final @Nullable String domain;
    private final boolean hostOnly;
    private final @Nullable String path;
    private final @Nullable Instant expires;
    private final @Nullable Duration maxAge;
    private final boolean secure;
    private final boolean httpOnly;
    private final @Nullable SameSite sameSite;
    private final boolean partitioned;

    private Cookie(Builder builder) {
        name = builder.name;
        value = builder.value;
        codedValue = builder.codedValue;
        domain = builder.domain;
        hostOnly = builder.hostOnly;
        path = builder.path;
        expires = builder.expires;
        maxAge = builder.maxAge;
        secure = builder.secure;
        httpOnly = builder.httpOnly;
        sameSite = builder.sameSite;
        partitioned = builder.partitioned;
    }

    /**
     * A cookie without attributes.
     *
     * @throws IllegalArgumentException if the name is empty, has control characters, {@code ;} or {@code =} in it, or
     *     white space at an end
     */
    public static Cookie of(String name, String value) {
        return builder(name, value).build();
    }

    /**
     * A cookie that is being put together.
     *
     * @throws IllegalArgumentException if the name is empty, has control characters, {@code ;} or {@code =} in it, or
     *     white space at an end
     */
    public static Builder builder(String name, String value) {
        return new Builder(name, value);
    }

    /**
     * What these {@code Set-Cookie} headers say, one cookie each; those that make no sense are left out. Python:
     * {@code aiohttp._cookie_helpers.parse_set_cookie_headers}.
     */
    public static List<Cookie> parse(List<String> setCookieHeaders) {
        return HttpProvider.get().parseSetCookies(setCookieHeaders);
    }

    /** The name. Python: {@code morsel.key}. */
    public String name() {
        return name;
    }

    /**
     * The value, without the quotes and backslashes that it may have been written with. Python: {@code morsel.value}.
     */
    public String value() {
        return value;
    }

    /**
     * The value exactly as the server wrote it, and as it is sent back; null if the cookie was made from a value.
     * Python: {@code morsel.coded_value}.
     */
    public @Nullable String codedValue() {
        return codedValue;
    }

    /** The domain without a leading dot, in lower case; null where there is none. Python: {@code morsel["domain"]}. */
    public @Nullable String domain() {
        return domain;
    }

    /** Whether it goes to that very host only, and not to its subdomains. */
    public boolean hostOnly() {
        return hostOnly;
    }

    /** The path that it is for, with all below; null where there is none. Python: {@code morsel["path"]}. */
    public @Nullable String path() {
        return path;
    }

    /** When it ends; null if it lives as long as the jar. Python: {@code morsel["expires"]}. */
    public @Nullable Instant expires() {
        return expires;
    }

    /**
     * How long it lives from when it was received, whatever {@link #expires()} says; zero or less for not at all. Null
     * where it is not said, and always in a jar. Python: {@code morsel["max-age"]}.
     */
    public @Nullable Duration maxAge() {
        return maxAge;
    }

    /** Whether it is sent over https only. Python: {@code morsel["secure"]}. */
    public boolean secure() {
        return secure;
    }

    /** Whether a browser hides it from scripts; means nothing to this client. Python: {@code morsel["httponly"]}. */
    public boolean httpOnly() {
        return httpOnly;
    }

    /**
     * What a browser may send it along with; null where it is not said. Means nothing to this client, which knows no
     * sites. Python: {@code morsel["samesite"]}.
     */
    public @Nullable SameSite sameSite() {
        return sameSite;
    }

    /**
     * Whether a browser keeps it apart for each site; means nothing to this client. Python:
     * {@code morsel["partitioned"]}.
     */
    public boolean partitioned() {
        return partitioned;
    }

    /** This cookie, to be changed. */
    public Builder toBuilder() {
        return new Builder(this);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Cookie that
                && name.equals(that.name)
                && value.equals(that.value)
                && Objects.equals(codedValue, that.codedValue)
                && Objects.equals(domain, that.domain)
                && hostOnly == that.hostOnly
                && Objects.equals(path, that.path)
                && Objects.equals(expires, that.expires)
                && Objects.equals(maxAge, that.maxAge)
                && secure == that.secure
                && httpOnly == that.httpOnly
                && sameSite == that.sameSite
                && partitioned == that.partitioned;
    }

    @Override
    public int hashCode() {
        return Objects.hash(name, value, domain, path);
    }

    @Override
    public String toString() {
        var text = new StringBuilder("<Cookie ").append(name).append("=…");
        if (domain != null) {
            text.append(hostOnly ? " for " : " for all of ").append(domain);
        }
        if (path != null) {
            text.append(path.startsWith("/") ? "" : " ").append(path);
        }
        return text.append('>').toString();
    }

    /** What {@code SameSite} says. */
    public enum SameSite {
        /** Only along with requests from the site itself. */
        STRICT,
        /** Also when a link leads to the site. */
        LAX,
        /** Always. */
        NONE
    }

    /** A cookie that is being put together. Its methods change this object and return it. */
    public static final class Builder {
        private final String name;
        private final String value;
        private @Nullable String codedValue;
        private @Nullable String domain;
        private boolean hostOnly = true;
        private @Nullable String path;
        private @Nullable Instant expires;
        private @Nullable Duration maxAge;
        private boolean secure;
        private boolean httpOnly;
        private @Nullable SameSite sameSite;
        private boolean partitioned;

        private Builder(String name, String value) {
            this.name = checkName(name);
            this.value = Objects.requireNonNull(value, "value");
        }

        private Builder(Cookie cookie) {
            name = cookie.name;
            value = cookie.value;
            codedValue = cookie.codedValue;
            domain = cookie.domain;
            hostOnly = cookie.hostOnly;
            path = cookie.path;
            expires = cookie.expires;
            maxAge = cookie.maxAge;
            secure = cookie.secure;
            httpOnly = cookie.httpOnly;
            sameSite = cookie.sameSite;
            partitioned = cookie.partitioned;
        }

        /**
         * How the value is sent, instead of how {@link CookieJar.Builder#quoteCookie} says.
         *
         * @throws IllegalArgumentException if it has control characters or {@code ;} in it
         */
        public Builder codedValue(@Nullable String codedValue) {
            if (codedValue != null) {
                check("codedValue", codedValue);
            }
            this.codedValue = codedValue;
            return this;
        }

        /**
         * For this domain and all below it; a leading dot means nothing. Null for the very host of the response.
         *
         * @throws IllegalArgumentException if it is empty, or has control characters or {@code ;} in it
         */
        public Builder domain(@Nullable String domain) {
            if (domain == null) {
                this.domain = null;
                hostOnly = true;
                return this;
            }
            var name = domain.startsWith(".") ? domain.substring(1) : domain;
            check("domain", name);
            if (name.isEmpty()) {
                throw new IllegalArgumentException("The domain of the cookie " + this.name
                        + " is empty; use null if it is for the host of the response");
            }
            this.domain = lowerCase(name);
            hostOnly = false;
            return this;
        }

        /**
         * Whether it is for that very host only; to be called after {@link #domain}. True unless there is a domain.
         *
         * @throws IllegalArgumentException if it is false and there is no domain
         */
        public Builder hostOnly(boolean hostOnly) {
            if (!hostOnly && domain == null) {
                throw new IllegalArgumentException(
                        "The cookie " + name + " has no domain: it can be for the host of the response only");
            }
            this.hostOnly = hostOnly;
            return this;
        }

        /**
         * For this path and all below it; null for the directory of the response's URL.
         *
         * @throws IllegalArgumentException if it does not start with a slash, or has control characters or {@code ;} in
         *     it
         */
        public Builder path(@Nullable String path) {
            if (path != null) {
                check("path", path);
                if (!path.startsWith("/")) {
                    throw new IllegalArgumentException(
                            "The path of the cookie " + name + " must start with a slash: \"" + path + "\"");
                }
            }
            this.path = path;
            return this;
        }

        /** When it ends; null for never. */
        public Builder expires(@Nullable Instant expires) {
            this.expires = expires;
            return this;
        }

        /** How long it lives; it counts for more than {@link #expires}. Null for not saying so. */
        public Builder maxAge(@Nullable Duration maxAge) {
            this.maxAge = maxAge;
            return this;
        }

        /** Whether it is for https only; false unless set. */
        public Builder secure(boolean secure) {
            this.secure = secure;
            return this;
        }

        /** Whether browsers have to hide it from scripts; false unless set. */
        public Builder httpOnly(boolean httpOnly) {
            this.httpOnly = httpOnly;
            return this;
        }

        /** What browsers may send it along with; null for not saying so. */
        public Builder sameSite(@Nullable SameSite sameSite) {
            this.sameSite = sameSite;
            return this;
        }

        /** Whether browsers have to keep it apart for each site; false unless set. */
        public Builder partitioned(boolean partitioned) {
            this.partitioned = partitioned;
            return this;
        }

        /** The cookie. */
        public Cookie build() {
            return new Cookie(this);
        }

        private void check(String what, String text) {
            for (int i = 0; i < text.length(); i++) {
                char c = text.charAt(i);
                if (c < 0x20 && c != '\t' || c == 0x7F || c == ';') {
                    throw new IllegalArgumentException("The " + what + " of the cookie " + name
                            + " has a control character or a semicolon at index " + i);
                }
            }
        }

        private static String checkName(String name) {
            if (name.isEmpty()) {
                throw new IllegalArgumentException("The name of a cookie is empty");
            }
            for (int i = 0; i < name.length(); i++) {
                char c = name.charAt(i);
                if (c < 0x20 || c == 0x7F || c == ';' || c == '=') {
                    throw new IllegalArgumentException(
                            "The name of a cookie has a control character, \";\" or \"=\" at index " + i);
                }
            }
            if (name.charAt(0) == ' ' || name.charAt(name.length() - 1) == ' ') {
                throw new IllegalArgumentException("The name of a cookie has white space at an end: \"" + name + "\"");
            }
            return name;
        }

        /** Only ASCII, as in all names of hosts: no other letter may turn into one of those. */
        private static String lowerCase(String text) {
            var chars = text.toCharArray();
            for (int i = 0; i < chars.length; i++) {
                if (chars[i] >= 'A' && chars[i] <= 'Z') {
                    chars[i] += 'a' - 'A';
                }
            }
            return new String(chars);
        }
    }
}
