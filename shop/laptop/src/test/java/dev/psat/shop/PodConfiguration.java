package dev.psat.shop;

import java.io.File;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.web.server.context.WebServerPortFileWriter;
import org.springframework.context.annotation.Bean;

/**
 * Lets a service tell the shop its port.
 */
@TestConfiguration(proxyBeanMethods = false)
class PodConfiguration {

	@Bean
	WebServerPortFileWriter portFile(@Value("${shop.port-file}") File file) {
		return new WebServerPortFileWriter(file);
	}

}
