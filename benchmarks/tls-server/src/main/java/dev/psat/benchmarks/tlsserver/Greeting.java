package dev.psat.benchmarks.tlsserver;

import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Answers over connections that are kept, and over one that ends with its answer.
 */
@RestController
class Greeting {

	@GetMapping("/kept")
	String kept() {
		return "hello";
	}

	@GetMapping("/once")
	ResponseEntity<String> once() {
		return ResponseEntity.ok().header(HttpHeaders.CONNECTION, "close").body("hello");
	}

}
