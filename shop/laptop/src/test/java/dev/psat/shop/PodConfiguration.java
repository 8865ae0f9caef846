package dev.psat.shop;

import java.io.File;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.web.server.context.WebServerPortFileWriter;
import org.springframework.context.annotation.Bean;

/**
 * Lets a service tell the shop its port, and not outlive it.
 */
@TestConfiguration(proxyBeanMethods = false)
class PodConfiguration {

	@Bean
	WebServerPortFileWriter portFile(@Value("${shop.port-file}") File file) {
		return new WebServerPortFileWriter(file);
	}

	@Bean
	ApplicationRunner endWithTheShop() {
		return (args) -> ProcessHandle.current()
			.parent()
			.ifPresent((shop) -> shop.onExit().thenRun(() -> System.exit(1)));
	}

}
