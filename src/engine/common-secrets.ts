/** Keys and passwords that people leave in place or type without thinking, written down for this project. */
export const commonSecrets: readonly string[] = [
  // Examples in documentation that are phrases.
  'keyboard cat',
  'change me',
  'top secret',
  'super secret',
  'my secret',
  'my secret key',
  'secret key',
  'this is a secret',
  ...words(),
];

function words(): string[] {
  return `
secret secret1 secret12 secret123 secret1234 secrets topsecret top-secret top_secret mysecret my-secret my_secret mysecretkey my-secret-key
my_secret_key MySecretKey secretkey secret-key secret_key SecretKey SECRET SECRET_KEY SECRET-KEY supersecret super-secret super_secret
supersecretkey super-secret-key super_secret_key SuperSecret SuperSecretKey verysecret very-secret very_secret verysecretkey
very-secret-key notsecret not-a-secret not_a_secret notasecret nosecret shared-secret shared_secret sharedsecret hushhush
jwt jwt-secret jwt_secret jwtsecret jwtSecret JWTSecret JWT_SECRET JWT_SECRET_KEY jwt-secret-key jwt_secret_key jwtsecretkey jwt-key
jwt_key jwtkey jwtKey my-jwt-secret my_jwt_secret myjwtsecret your-jwt-secret your_jwt_secret jwt123 jsonwebtoken json-web-token
token tokens token123 tokensecret token-secret token_secret secret-token secret_token access-token access_token accesstoken
access_token_secret refresh_token_secret auth authsecret auth-secret auth_secret auth-key authentication authorization bearer
session session-secret session_secret sessionsecret cookie-secret cookie_secret signing-key signing_key signingkey signature sign signed
key keys key1 key123 mykey my-key my_key privatekey private-key private_key private publickey public-key api-key api_key apikey
api-secret api_secret apisecret app-secret app_secret appsecret app-key app_key appkey client-secret client_secret clientsecret
server-secret server_secret serversecret hmac hmac-secret hmac_secret hmackey hs256 HS256 hs256-secret hs512 sha256 rs256
your-secret your_secret yoursecret your-secret-key your_secret_key yoursecretkey your-256-bit-secret your-384-bit-secret
your-512-bit-secret a-string-secret-at-least-256-bits-long your-super-secret-key your_super_secret_key some-secret some_secret
somesecret somesecretkey some-secret-key some-random-string some_random_string this-is-a-secret this_is_a_secret thisisasecret
thisismysecret this-is-my-secret thisissecret this-is-secret thisisasecretkey this-is-a-secret-key this-should-be-secret
replace-me replaceme replace_me change-me changeme change_me changeMe ChangeMe CHANGEME CHANGE_ME change-this change_this changethis
changeit change-it please-change-me please_change_me pleasechangeme change-me-in-production change_me_in_production
do-not-use dontuse donotuse do-not-use-in-production insecure insecure-secret insecure_secret insecurekey unsafe placeholder
fixme todo tbd none null undefined nil empty blank default default-secret default_secret defaultsecret default-key example
example-secret example_key examplekey sample sample-secret samplekey demo demo-secret demo_secret demosecret demokey
test test1 test12 test123 test1234 testing testsecret test-secret test_secret testkey test-key test_key tests testtest tester
dev dev-secret dev_secret devsecret devkey dev-key development development-secret develop local localhost local-secret staging
production prod prod-secret qa debug debug-secret
random random1 random123 randomkey random-key random-string random_string randomstring randomsecret random-secret
password password1 password12 password123 password1234 Password Password1 Password123 passw0rd p@ssw0rd P@ssw0rd pass pass1 pass123
pass1234 passphrase passwd pwd mypassword my-password admin admin1 admin12 admin123 admin1234 admin@123 Admin administrator root
root123 toor user user123 guest guest123 login login123 master master123 welcome welcome1 welcome123 letmein letmein123 hello
hello123 helloworld hello-world hello_world HelloWorld qwerty qwerty1 qwerty12 qwerty123 qwertyuiop qwe123 asdf asdf1234 asdfgh
asdfghjkl zxcvbn zxcvbnm azerty iloveyou monkey dragon shadow sunshine princess football baseball superman batman trustno1 hunter2
abc abc1 abc123 abcd abcd1234 abcde abcdef abcdefg abcdefgh abcdefghijklmnopqrstuvwxyz abc123456 aaa aaaaaa aaaaaaaa a1b2c3 a1b2c3d4
xyz xyz123 foo bar foobar foo-bar baz foobarbaz lorem ipsum loremipsum spam eggs
0 1 12 123 1234 12345 123456 1234567 12345678 123456789 1234567890 0123456789 12345678901234567890 123456789012345678901234567890
12345678901234567890123456789012 0987654321 987654321 87654321 654321 54321 4321 321 111 1111 111111 11111111 000 0000 000000
00000000 123123 123321 112233 121212 131313 666666 696969 777777 888888 999999 1q2w3e 1q2w3e4r 1q2w3e4r5t 1qaz2wsx zaq12wsx
deadbeef cafebabe c0ffee 0xdeadbeef 42 1337 31337 leet
flask flask-secret flask_secret flasksecret flask-app flaskapp flask-key django django-secret django-insecure django_secret fastapi
fastapi-secret express express-secret expresssecret node nodejs node-secret nodesecret rails laravel spring springboot spring-secret
java python python-secret golang rust react angular vue symfony cakephp codeigniter tornado bottle pyramid
mongodb mongo mysql postgres postgresql redis sqlite database db dbpassword dbsecret backend frontend server client service
microservice gateway api rest restapi rest-api graphql web webapp website site app application myapp my-app my_app mysite project
myproject company mycompany acme example.com shop store blog todo-app todoapp notes chat bank banking payment payments invoice orders
gin echo fiber koa hapi nest nestjs next nextjs nuxt strapi supabase firebase auth0 okta keycloak hasura cognito
keyboard-cat keyboard_cat keyboardcat keyboard cat kitty dog doggo unicorn rainbow potato banana apple orange pineapple coffee pizza
cheese chocolate ninja pirate wizard gandalf frodo mordor matrix neo trinity morpheus starwars skywalker yoda vader spock enterprise
thunder lightning summer winter spring2024 summer2024 autumn monday friday january december
secret! secret!! s3cr3t s3cret S3cr3t sekret geheim geheimnis segredo secreto contrasena clave mot-de-passe motdepasse
shh shhh shhhh shhhhh shhhhhh ssh ssl tls rsa aes des md5 sha1 salt pepper salty mysalt my-salt
one two three four five six seven eight nine ten alpha beta gamma delta omega
alice bob carol eve mallory trent john jane doe johndoe jane-doe
openssl uuid guid string strings text value values data config configuration settings environment env variable
qux quux corge waldo fred plugh thud
`
    .trim()
    .split(/\s+/);
}
