package dev.psat.docs.spire;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/**
 * The application that the documentation speaks of, with the SPIRE starter.
 */
@SpringBootApplication
public class OrdersApplication {

	static void main(String[] args) {
		SpringApplication.run(OrdersApplication.class, args);
	}

}
