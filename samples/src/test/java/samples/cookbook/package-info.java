/** The recipes of docs/http.md, each run against a server of this machine. */
package samples.cookbook;
