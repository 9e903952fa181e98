/** A web server of verticles whose handlers are coroutines. */
package samples.web;
