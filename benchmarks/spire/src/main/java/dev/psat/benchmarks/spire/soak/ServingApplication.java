package dev.psat.benchmarks.spire.soak;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpHeaders;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * What each of both applications serves. Each answer contains the port of the client,
 * which tells one connection from another.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
@RestController
class ServingApplication {

	/** Leaves the connection open. */
	static final String GREETING_PATH = "/greeting";

	/** Ends the connection. */
	static final String FAREWELL_PATH = "/farewell";

	static final String GREETING = "hello, port ";

	@GetMapping(GREETING_PATH)
	String greeting(HttpServletRequest request) {
		return GREETING + request.getRemotePort();
	}

	@GetMapping(FAREWELL_PATH)
	String farewell(HttpServletRequest request, HttpServletResponse response) {
		response.setHeader(HttpHeaders.CONNECTION, "close");
		return greeting(request);
	}

}
