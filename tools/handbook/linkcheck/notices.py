"""The words of pages that are not the ones meant: patterns for titles, headings and sentences."""

from __future__ import annotations

import re
from functools import lru_cache


def _pattern(text: str) -> re.Pattern[str]:
    """Return a pattern whose parts are on lines of their own."""
    return re.compile(re.sub(r"\n\s*", "", text), re.IGNORECASE)


#: The names of systems that keep programs out.
CHALLENGE = _pattern(r"""
    just a moment|checking your browser|attention required!?
    |verify(?:ing)? (?:that )?you are (?:a )?human|are you a robot\??|making sure you're not a bot!?
    |enable javascript and cookies to continue|security check(?: required)?|ddos protection by.*
    |pardon our interruption|access denied|request unsuccessful\. incapsula.*
    |(?:\w+ )?security checkpoint|(?:client|javascript|browser) challenge|challenge validation
    |(?:human|bot|captcha) verification|robot check|captcha|one more step|you are being redirected
    |verifying your (?:browser|connection)|ddos-guard|prove your humanity
    |.{0,9}(?:安全验证|人机验证|滑动验证|访问验证|正在进行安全检测|请完成验证|访问过于频繁
    |环境异常|完成验证后即可继续访问|访问(?:被|已被)(?:拦截|阻断|拒绝)|请稍候|請稍候).{0,9}
""")

#: The names of pages that ask for a login.
LOGIN = _pattern(r"""
    (?:please )?(?:(?:log|sign)[ -]?(?:in|on)|login)(?: (?:to|with|for) .{1,40})?|member login
    |(?:用户|会员|系统|统一|账号|請|请)?(?:登录|登入|登陆)(?:系统|页面)?|统一身份认证(?:平台)?
    |ログイン|로그인|anmelden|anmeldung|einloggen|(?:se )?connecter|connexion|identification
    |iniciar sesi[óo]n|acceder|accedi|accesso|entrar|iniciar sessão|inloggen|aanmelden
    |logga in|log ind|logg inn|kirjaudu(?: sisään)?|zaloguj(?: się)?|logowanie|přihlášení
    |вход|войти|авторизация|giriş(?: yap)?|تسجيل الدخول
""")

#: The words of a site that is out of order: they prove nothing about the page.
OUT_OF_ORDER = _pattern(r"""
    (?:this |your )?(?:account|site|website) (?:has been |is )?(?:suspended|disabled)
    |(?:(?:sorry|oops)\W{1,3})?(?:(?:scheduled|planned|site|system|website|the site is|we are
    |(?:this|our) (?:web)?site is|down for|currently|under|undergoing) ?)*
    maintenance(?: (?:mode|in progress|page|break))?
    |we(?:’|'|&#39;)ll be (?:right )?back(?: soon| shortly)?|(?:be )?back soon
    |database (?:connection )?error|error establishing a database connection
    |(?:the )?(?:service|server|site|website)(?: is)?(?: temporarily| currently)? unavailable
    |(?:(?:http|error|status) ?)*50[0234]\W*(?:internal server error|bad gateway
    |service (?:temporarily )?unavailable|gateway time-?out)?|internal server error|bad gateway
    |welcome to nginx!?|(?:apache2? )?(?:\w+ )?default (?:web )?(?:site )?page(?:\W.*)?
    |http server test page.{0,40}|iis windows(?: server)?
    |(?:网站|站点|系统|页面|服务)?(?:(?:正在|暂时)(?:维护|升级|建设|改版|关闭)中?
    |(?:维护|升级|建设|改版)中)|系统繁忙
    |(?:该|本)?(?:网站|站点)(?:已|暂时?|现已)?(?:关闭|停止|无法)(?:访问|服务|运营)?
    |未(?:进行)?备案.{0,9}|.{0,9}暂时无法(?:进行)?访问.{0,9}
    |wartungs(?:arbeiten|modus)|(?:site |page )?en maintenance|(?:sitio )?en mantenimiento
    |in manutenzione|em manutenção|(?:технические|идут) (?:технические )?работы
    |(?:ただいま)?メンテナンス中(?:です)?|점검 ?중(?:입니다)?
""")

#: The words of pages for searching a site.
SEARCH_PATH = _pattern(r"""
    (?:.*/)?(?:search|suchen?|recherche|buscar?|find|ricerca|zoeken|szukaj|sousuo)(?:\.\w+)?/?
""")

#: Titles, headings and sentences that say that a page does not exist, by language.
NOT_FOUND = _pattern(r"""
    (?:(?:sorry|oops|error|whoops|leider|désolée?|lo sentimos|извините|对不起|抱歉|很抱歉|非常抱歉
    |出错了|提示)\W{1,4})?
    (?:(?:error|status|http|fehler|erreur|ошибка|错误|エラー) *)*(?:404)?(?: (?:error|fehler))?
    [ :,.!–—-]*(?:
    (?:(?:the|this|that|your) )?(?:requested |web ?)?
    (?:page|file(?: or directory)?|document|content|article|url|resource)
    (?: (?:that )?you(?:'re| are|r)?(?: requested| looking for| were looking for
    | are trying to reach))?(?:
    (?:(?: was| is| could| can| has| does)(?: ?not|n[’']t)| cannot)(?: be| been)?(?: found| exist)
    | not found|(?: is(?: not|n[’']t)| no longer) available| no longer exists
    |(?: was| is| has been)(?: removed| deleted| no longer available| gone))
    |(?:page )?not found|nothing (?:was )?found
    |(?:您|你)?所?(?:要|想)?(?:访问|请求|查看|浏览|查找|指定)?的?(?:该|此|这个)?
    (?:页面|网页|内容|文章|文件|信息|资源|主题|帖子|链接|新闻|视频)[^。！!]{0,6}?
    (?:不存在|找不到|未找到|没有找到|不见了|被(?:作者|发布者)?删除|删除|失效|下架|无法访问|丢失|走丢)了?
    (?:[，或]?(?:或者)?(?:已|正在)?被?(?:删除|失效|移除|审核))*
    |(?:找不到|未找到|无法找到|没有找到)(?:该|此|您?(?:要|所)?(?:访问|请求|查找)?的)?
    (?:页面|网页|文件|内容|资源)
    |(?:お探し|ご指定|指定|該当|こ)?(?:の|された|する)?(?:ページ|記事|ファイル|コンテンツ|url)(?:が|は)
    (?:見つかりません(?:でした)?|存在しません|ありません|削除されました)
    |(?:요청하신 )?페이지를 찾을 수 없습니다|존재하지 않는 페이지입니다
    |(?:(?:die|diese|das|der|ihre) )?(?:(?:von ihnen )?(?:angeforderte|gesuchte|gewünschte)[nrs]? )?
    (?:web)?(?:seite|datei|artikel|inhalt|dokument)(?: wurde| konnte| ist| existiert)?(?: leider)?
    (?: nicht(?: mehr)?(?: gefunden| vorhanden| verfügbar)?(?: werden)?| existiert nicht(?: mehr)?)
    |(?:(?:la|cette|le|cet) |l[’'])?(?:page|fichier|article|document|contenu)
    (?: que vous (?:re)?cherchez| que vous (?:avez )?demandée?z?| (?:demand|recherch)ée?)?
    (?: est)?(?: introuvable| non trouvée?| n[’'](?:existe|est)(?: pas| plus)(?: disponible)?
    | n[’']a pas (?:pu être|été) trouvée?| a été supprimée?)
    |(?:(?:la|esta|el|a|o) )?(?:p[áa]gina|archivo|art[íi]culo|contenido|conteúdo|arquivo)
    (?: que (?:busca|buscas|está buscando|solicitó|procura)| solicitad[ao])?
    (?: no(?: encontrad[ao]| existe| está disponible| fue encontrad[ao]
    | se (?:ha )?(?:encuentra|encontr(?:ó|ado)|pudo encontrar))
    | não(?: encontrad[ao]| existe| foi encontrad[ao])
    | non(?: è stata)?(?: trovat[ao]| esiste| disponibile))
    |(?:(?:запрашиваемая|запрошенная|такая|данная|эта|искомая) )?(?:вами )?
    (?:страница|статья|новость|файл|документ)
    (?:,? котор[а-я]+ вы (?:ищете|запрашиваете|искали|запросили),?)?
    (?: не (?:найден[ао]?|существует|обнаружен[ао]?)|(?: была)? удал[её]н[ао]?
    | больше не существует)
    )[\s.!?。！…:)(]*(?:404)?\W*
    |(?:(?:http|error|status|fehler|erreur|ошибка|错误|エラー)[ -]*)*404
    (?:[ -]*(?:error|错误|エラー|fehler))?
""")

#: The same in languages whose notices have one form or few.
NOT_FOUND_ELSEWHERE = _pattern(r"""
    (?:(?:oops|hoppsan|404|error|fout|fel|fejl|feil|błąd|hata|errore|erro|chyba|hiba|lỗi|خطأ
    |عذراً?|錯誤)\W{1,4})*(?:
    (?:de(?:ze)? )?(?:(?:op)?gevraagde |gezochte )?(?:web)?pagina(?: die (?:u|je) zoekt)?
    (?: (?:is|kan|kon|werd|bestaat|wordt))? niet(?: meer)?(?: (?:worden )?gevonden(?: worden)?
    | beschikbaar)?
    |nie (?:znaleziono|odnaleziono)(?: (?:takiej |tej |szukanej |żądanej )?strony)?
    |(?:(?:ta|podana|szukana|żądana|wybrana) )?strona(?:, której szukasz,?)?
    (?: nie (?:została )?(?:znaleziona|odnaleziona|istnieje)| nie jest dostępna)
    |(?:aradığınız |istediğiniz |bu )?(?:sayfa|içerik)(?:ya ulaşılamıyor|yı bulamadık
    | bulunam(?:adı|ıyor|amıştır)| bulunmamaktadır| mevcut değil(?:dir)?)
    |(?:la |questa )?pagina(?: web)?(?: richiesta| cercata| che (?:stai|hai) cerca(?:ndo|to))?
    (?: non (?:è (?:stata trovata|disponibile|raggiungibile|presente)|esiste(?: più)?
    |(?:è )?(?:più )?(?:trovata|disponibile)))
    |(?:den )?(?:sökta |efterfrågade )?sidan(?: du (?:söker|letar efter))?
    (?: (?:kunde|kan) (?:inte|ej) hittas| hittades (?:inte|ej)| finns (?:inte|ej)(?: längre| kvar)?
    | är borttagen)
    |(?:vi )?(?:fa(?:nt|ndt) ikke|(?:kan(?: desværre)?|kunne) ikke finde) (?:den )?sid(?:en|a)
    (?: du leder efter| du leter etter)?
    |siden(?: du (?:leder efter|leter etter|søger))?(?: (?:blev|ble|kunne|kan))?
    (?: ikke(?: bli)? (?:fundet|funnet|findes|finnes)
    | (?:findes|finnes|eksisterer) (?:desværre )?ikke(?: længere| lenger)?)
    |(?:hakemaasi |etsimääsi |pyydettyä )?sivua ei (?:löyd(?:y|etty)|löytynyt|ole(?: olemassa)?)
    |(?:(?:hledaná|požadovaná|tato|hľadaná) )?stránka(?: (?:nebyla nalezena|nenalezena|neexistuje
    |nebola nájdená|sa nenašla|nenájdená))
    |(?:a keresett |az )?oldal nem (?:található|létezik)
    |pagina(?: (?:căutată|solicitată))?(?: pe care o căutați)?
    (?: nu (?:a fost găsită|există|este disponibilă))
    |(?:tražena )?stranica nije (?:pronađena|dostupna)
    |(?:запитувану |цю )?сторінк[ау] не (?:знайден[ао]|існує)
    |(?:la )?pàgina no (?:trobada|existeix|s'ha trobat)
    |(?:η )?σελίδα(?: που (?:ζητήσατε|ψάχνετε))? δεν (?:βρέθηκε|υπάρχει)
    |không tìm thấy(?: (?:trang|nội dung)(?: (?:này|web|yêu cầu))?)?
    |trang(?: (?:web|này|bạn (?:tìm kiếm|yêu cầu)))? không (?:tồn tại|tìm thấy)
    |halaman(?: yang (?:anda|kamu) cari)?(?: ini)? ti(?:dak|ada) (?:ditemukan|dijumpai|tersedia|ada)
    |(?:الصفحة|هذه الصفحة)(?: (?:المطلوبة|التي (?:تبحث عنها|طلبتها)))?
    (?: غير (?:موجودة|متوفرة|متاحة)| لا توجد| ليست موجودة)
    |(?:لم يتم العثور على|لا يمكن العثور على) (?:هذه )?الصفحة(?: المطلوبة)?
    |صفحه(?: مورد نظر)?(?: شما)? (?:یافت|پیدا) نشد|(?:ה)?(?:דף|עמוד)(?: המבוקש)? לא (?:נמצא|קיים)
    |ไม่พบหน้า(?:เว็บ)?(?:ที่(?:คุณ)?(?:ต้องการ|ค้นหา))?|पृष्ठ नहीं मिला
    |(?:您|你)?所?(?:要|想)?(?:造訪|訪問|請求|查看|瀏覽|查詢|尋找|連結)?的?(?:該|此|這個)?
    (?:網頁|頁面|內容|文章|檔案|資料|連結|新聞)[^。！!]{0,6}?
    (?:不存在|找不到|已?(?:被)?(?:刪除|移除)|已?失效|無法(?:顯示|訪問))了?
    (?:[，或](?:已|正在)?被?(?:刪除|移除|失效))*
    |(?:找不到|未找到|查無|無法找到|沒有找到)(?:此|該|這個|(?:您|你)?(?:所)?(?:要|請求|查詢|瀏覽|尋找)?的)?
    (?:網頁|頁面|檔案|內容|資料)
    |(?:요청하신|찾으시는|해당) ?(?:페이지|게시물|자료)(?:가|를|는)? ?
    (?:존재하지 않(?:습니다|거나.*)|찾을 수 없습니다|삭제되었습니다)
    )[\s.!?。！…:)(]*(?:404)?\W*
""")

#: Titles of pages that only give notice, and the ends of sentences.
TITLE = _pattern(r"""
    (?:系统|友情|温馨)?提示(?:信息)?|出错了?|错误|error|notice|fehler|erreur|ошибка
""")
SENTENCE_END = re.compile(r"[.!?。！？]\s*")

#: The words on a domain that nobody uses.
PARKED = _pattern(r"""
    (?:this |the )?domain(?: name)?(?: [\w.-]+)? (?:is|may be|could be)
    (?: parked| for sale| available for purchase)
    |buy this domain|domain parking|parked free,? courtesy of|parked domain
    |(?:this|the) domain has expired|该?域名(?:正在|可)?(?:出售|转让)|域名已(?:过期|到期)|本域名
""")


# titles of pages on one site share its name and much else
@lru_cache(maxsize=4096)
def says_not_found(text: str) -> bool:
    """Return whether a title, a heading or a sentence says that a page does not exist."""
    return bool(NOT_FOUND.fullmatch(text) or NOT_FOUND_ELSEWHERE.fullmatch(text))
