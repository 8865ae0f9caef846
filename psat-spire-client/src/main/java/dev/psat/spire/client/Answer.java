package dev.psat.spire.client;

import java.net.http.HttpResponse;
import java.util.Optional;

/**
 * A response, and where it came from.
 *
 * @param exchange the exchange
 * @param response the response, without a body if that was too long
 */
record Answer(Exchange exchange, HttpResponse<Optional<byte[]>> response) {

}
