/**
 * The recipes of docs/http.md, each run against a server of this machine, and of docs/blocks.md, docs/files.md and
 * docs/vertx.md.
 */
package samples.cookbook;
