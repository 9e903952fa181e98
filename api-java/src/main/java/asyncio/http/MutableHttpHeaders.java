package asyncio.http;

/** Headers that can be changed. What could not be sent as it is, is refused. Python: {@code multidict.CIMultiDict}. */
public interface MutableHttpHeaders extends HttpHeaders {

    /**
     * Adds a header; others of the same name stay. Python: {@code headers.add}.
     *
     * @throws IllegalArgumentException if the name is not a token, or if the value has control characters in it
     */
    void add(String name, String value);

    /**
     * Puts a header in the place of all those of the same name. Python: {@code headers[name] = value}.
     *
     * @throws IllegalArgumentException if the name is not a token, or if the value has control characters in it
     */
    void set(String name, String value);

    /** Removes all headers of this name; gives whether there were any. Python: {@code headers.popall(name, None)}. */
    boolean remove(String name);
}
