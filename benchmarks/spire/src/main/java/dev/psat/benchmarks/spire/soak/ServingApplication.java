package dev.psat.benchmarks.spire.soak;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * What each of both applications serves.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
@RestController
class ServingApplication {

	static final String PATH = "/greeting";

	static final String GREETING = "hello";

	@GetMapping(PATH)
	String greeting() {
		return GREETING;
	}

}
