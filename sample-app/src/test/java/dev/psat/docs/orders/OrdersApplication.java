package dev.psat.docs.orders;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/**
 * The application that the documentation speaks of. No class of the documentation has a
 * public main method: {@code spring-boot:test-run} would start it, not the sample.
 */
@SpringBootApplication
public class OrdersApplication {

	static void main(String[] args) {
		SpringApplication.run(OrdersApplication.class, args);
	}

}
