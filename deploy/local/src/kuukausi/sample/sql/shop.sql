-- The customers of Pikkupaino Oy, another company on the same installation.
CREATE TABLE clients (
    id int PRIMARY KEY,
    name text NOT NULL,
    email text NOT NULL,
    phone text,
    street text,
    city text,
    created_at timestamptz NOT NULL
);
CREATE TABLE purchases (
    id int PRIMARY KEY,
    client_id int NOT NULL REFERENCES clients,
    bought_on date NOT NULL,
    product text NOT NULL,
    total numeric(10, 2) NOT NULL,
    is_paid boolean NOT NULL
);
