-- Customers of Esimerkki Verkkopalvelut Oy, as a small company's own program keeps them.
CREATE TABLE customers (
    id bigint PRIMARY KEY,
    number text NOT NULL UNIQUE,
    given_name text NOT NULL,
    family_name text NOT NULL,
    email text NOT NULL UNIQUE,
    phone text,
    street text,
    postcode text,
    city text,
    language text NOT NULL,
    personal_identity_code text,
    created_at timestamptz NOT NULL,
    ended_on date
);
CREATE TABLE contacts (
    customer_id bigint NOT NULL REFERENCES customers,
    position smallint NOT NULL,
    purpose text NOT NULL,
    name text NOT NULL,
    email text,
    phone text,
    PRIMARY KEY (customer_id, position)
);
CREATE TABLE orders (
    id bigint PRIMARY KEY,
    customer_id bigint NOT NULL REFERENCES customers,
    ordered_at timestamptz NOT NULL,
    status text NOT NULL CHECK (status IN ('open', 'in_delivery', 'delivered', 'cancelled')),
    delivered_on date
);
CREATE INDEX orders_customer ON orders (customer_id);
CREATE TABLE order_lines (
    order_id bigint NOT NULL REFERENCES orders,
    line smallint NOT NULL,
    product text NOT NULL,
    quantity int NOT NULL,
    price numeric(10, 2) NOT NULL,
    PRIMARY KEY (order_id, line)
);
CREATE TABLE invoices (
    id bigint PRIMARY KEY,
    number text NOT NULL UNIQUE,
    customer_id bigint NOT NULL REFERENCES customers,
    issued_on date NOT NULL,
    due_on date NOT NULL,
    paid_on date,
    status text NOT NULL CHECK (status IN ('open', 'reminded', 'paid', 'credited')),
    billed_name text NOT NULL,
    billed_address text NOT NULL,
    total numeric(10, 2) NOT NULL
);
CREATE INDEX invoices_customer ON invoices (customer_id);
CREATE TABLE invoice_lines (
    invoice_id bigint NOT NULL REFERENCES invoices,
    line smallint NOT NULL,
    description text NOT NULL,
    quantity int NOT NULL,
    price numeric(10, 2) NOT NULL,
    vat_percent numeric(4, 1) NOT NULL,
    PRIMARY KEY (invoice_id, line)
);
CREATE TABLE support_notes (
    id uuid PRIMARY KEY,
    customer_id bigint NOT NULL REFERENCES customers,
    written_at timestamptz NOT NULL,
    author text NOT NULL,
    text text NOT NULL
);
CREATE INDEX support_notes_customer ON support_notes (customer_id);
