package dev.psat.benchmarks.web;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/**
 * Knows nothing of tokens: the starter is on its class path, or is not.
 */
@SpringBootApplication(proxyBeanMethods = false)
public class WebApplication {

	/**
	 * Start the application, and tell when it is ready.
	 * @param args its properties
	 */
	public static void main(String[] args) {
		SpringApplication.run(WebApplication.class, args);
		// the application's ready event is what run has ended with
		System.out.println("web: ready");
		if (Boolean.getBoolean("halt")) {
			// what the process has taken is what it took until now
			Runtime.getRuntime().halt(0);
		}
	}

}
