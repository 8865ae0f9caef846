package dev.psat.tlstests.jetty;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * An application that says hello.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
@RestController
class JettyApplication {

	@GetMapping("/greeting")
	String greeting() {
		return "hello";
	}

}
