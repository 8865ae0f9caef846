package dev.psat.docs.orders;

import dev.psat.spire.autoconfigure.SpireAutoConfiguration;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.PropertySource;

/**
 * The application that the documentation speaks of. No class of the documentation has a
 * public main method: {@code spring-boot:test-run} would start it, not the sample. It has
 * the starter alone, which is what excluding the SPIRE half comes to.
 */
@SpringBootApplication(exclude = SpireAutoConfiguration.class)
@PropertySource("classpath:dev/psat/docs/orders/without-spire.properties")
public class OrdersApplication {

	static void main(String[] args) {
		SpringApplication.run(OrdersApplication.class, args);
	}

}
