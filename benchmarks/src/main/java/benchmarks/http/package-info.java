/** The rows of HTTP: the two servers, what they are asked for, and the clients. */
package benchmarks.http;
